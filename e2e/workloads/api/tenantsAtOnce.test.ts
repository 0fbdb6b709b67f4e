import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import { availability } from '../../core/testing/objectives.ts';
import { countBy } from '../../testing/withFakes.ts';
import { planWorkload } from './plan.ts';
import { tenantsAtOnce } from './tenantsAtOnce.ts';

const isolation: Objective = {
  ...availability,
  id: 'tenants.isolation',
  metric: 'isolation',
  sampleBudget: 2301,
};
const fairness: Objective = {
  ...availability,
  id: 'quietTenants.fairness.p95',
  workload: 'tenants',
  metric: 'fairness',
  sampleBudget: 600,
};
const TENANTS = Array.from({ length: 25 }, (_, at) => `tenant-${at}`);

const made = (objectives: Objective[], most = 200) => tenantsAtOnce({ objectives, most });

/** Who asks, in the two halves of the plan, warm-ups and no-ops aside. */
function askers(tenants: readonly string[]) {
  const plan = planWorkload(made([isolation, fairness]), tenants);
  const half = plan.length / 2;
  const requests = plan.map(({ item }) => item);
  const judged = requests.filter(({ operation, warmUp }) => operation !== 'noop' && !warmUp);
  return [
    judged.filter(({ index }) => index < half),
    judged.filter(({ index }) => index >= half),
  ] as const;
}

test('as many answers as isolation asks for, beside conversations of others', () => {
  const { requests, fault, serves, warmUpEach } = made([isolation, fairness]);
  assert.deepEqual(requests, { classify: 1150, chat: 1151, foreignSession: 60 });
  assert.equal(fault, null);
  assert.ok(warmUpEach > 0);
  // The last request may be the one that was another's.
  assert.deepEqual([serves(isolation), serves(fairness)], [false, false]);
});

test('fairness is judged by the quiet tenants alone, who ask two fifths of it', () => {
  assert.deepEqual(made([fairness]).requests, { classify: 750, chat: 750, foreignSession: 0 });
  const few = { ...isolation, sampleBudget: 100 };
  const { classify, chat } = made([few, fairness]).requests;
  assert.equal((classify as number) + (chat as number), 1500);
});

test('without either, nothing is sent', () => {
  assert.deepEqual(made([availability]).requests, {});
});

test('no more requests a second than its target allows, those of a conversation counted one by one', () => {
  for (const most of [1, 5, 100]) {
    const { ratePerSecond, requests } = made([isolation, fairness], most);
    const planned = Object.values(requests).reduce((sum, count) => sum + count, 0);
    const sent = planned + 2 * (requests.foreignSession as number);
    assert.ok(Math.abs((ratePerSecond * sent) / planned - most) < 1e-9, `${most}`);
  }
  assert.equal(made([isolation], 1000).ratePerSecond, 200);
  assert.equal(made([fairness], 50).ratePerSecond, 50);
});

test('five tenants, and then twenty', () => {
  const [first, second] = askers(TENANTS);
  assert.deepEqual(Object.keys(countBy(first, ({ tenant }) => tenant)), TENANTS.slice(0, 5));
  assert.deepEqual(
    Object.keys(countBy(second, ({ tenant }) => tenant)).sort(),
    TENANTS.slice(0, 20).sort(),
  );
});

test('one asks more than all others together, and these alike', () => {
  for (const [at, part] of askers(TENANTS).entries()) {
    const [busiest, ...others] = Object.values(countBy(part, ({ tenant }) => tenant)).sort(
      (a, b) => b - a,
    );
    const share = (busiest as number) / part.length;
    // Five standard deviations of a share of 0.6 in a thousand.
    assert.ok(Math.abs(share - 0.6) < 0.08, `${share}`);
    assert.equal(countBy(part, ({ tenant }) => tenant)[TENANTS[0] as string], busiest);
    const mean = (part.length * 0.4) / (at === 0 ? 4 : 19);
    for (const count of others)
      assert.ok(Math.abs(count - mean) < 5 * Math.sqrt(mean), `${count} of ${mean}`);
  }
});

test('a conversation is tried by one tenant on another', () => {
  const tried = askers(TENANTS).flatMap((part) =>
    part.filter(({ operation }) => operation === 'foreignSession'),
  );
  assert.equal(tried.length, 60);
  for (const { tenant, otherTenant } of tried) {
    assert.notEqual(tenant, otherTenant);
    assert.ok(TENANTS.includes(otherTenant));
  }
});

test('fewer tenants than that are all there are; of one alone, all is theirs', () => {
  for (const part of askers(TENANTS.slice(0, 2)))
    assert.equal(Object.keys(countBy(part, ({ tenant }) => tenant)).length, 2);
  for (const part of askers(['alone']))
    assert.ok(
      part.every(({ tenant, otherTenant }) => tenant === 'alone' && otherTenant === 'alone'),
    );
  assert.throws(() => made([isolation]).tenantOf?.([], 0, 0.5), RangeError);
});

test('whatever chance says, it is a tenant', () => {
  const { tenantOf } = made([isolation]);
  for (const done of [0, 0.499, 0.5, 1])
    for (const chance of [0, 0.599, 0.6, 0.9999999999999999])
      for (const count of [1, 2, 5, 20, 25])
        assert.ok(
          TENANTS.slice(0, count).includes(
            tenantOf?.(TENANTS.slice(0, count), done, chance) as string,
          ),
        );
});
