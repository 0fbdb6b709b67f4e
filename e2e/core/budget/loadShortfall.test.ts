import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS, type MetricName } from '../../metrics/metrics.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { expectedJudged, type Load, loadSchema, windowSizeOf } from './loadSchema.ts';
import { loadShortfall } from './loadShortfall.ts';
import type { Objective } from './objective.ts';

const FALSE_PASS = 0.05;
const loadOf = (parts: object = {}): Load =>
  loadSchema(['search']).parse({
    scenarios: [{ operations: { search: 1 } }],
    arrivals: { model: 'constant', rate: 10 },
    durationSeconds: 60,
    warmUpSeconds: 0,
    ...parts,
  });
const users = loadOf({ arrivals: undefined, users: 5 });
const search = loadOf({
  arrivals: undefined,
  durationSeconds: undefined,
  search: { from: 40, to: 800, stepSeconds: 6 },
});
const by = (metric: MetricName, parts: Partial<Objective> = {}): Objective => ({
  ...latencyP95,
  metric: METRICS[metric],
  ...parts,
});
const unfit = (objective: Objective, load: Load) => loadShortfall(objective, load, FALSE_PASS);

test('what is to be judged lies behind the warm-up, whatever the model, and within the ceiling', () => {
  const ramp = loadOf({ arrivals: { model: 'ramp', from: 5, to: 25 }, warmUpSeconds: 60 });
  // Of 120 s from 5 to 25/s, the second half.
  assert.equal(expectedJudged(ramp), 1200);
  const steps = loadOf({ arrivals: { model: 'steps', rates: [10, 30] }, warmUpSeconds: 20 });
  assert.equal(expectedJudged(steps), 40 * 10 + 40 * 30 - 20 * 10);
  const capped = loadOf({ warmUpSeconds: 10, ceilings: { requests: 300 } });
  assert.equal(expectedJudged(capped), 200);
  assert.equal(expectedJudged(loadOf({ warmUpSeconds: 60, ceilings: { requests: 100 } })), 0);
  assert.deepEqual([expectedJudged(users), expectedJudged(search)], [null, null]);
});

test('too few requests establish nothing, and as many as it takes do', () => {
  assert.equal(unfit(latencyP95, loadOf()), null);
  const brief = unfit(latencyP95, loadOf({ durationSeconds: 6 }));
  assert.equal(brief?.found, '60 requests to judge');
  assert.match(brief?.expected ?? '', /at least 65/);
  const isolation = { ...availability, metric: METRICS.isolation, allowedShare: 0 } as const;
  assert.equal(unfit({ ...isolation, sampleBudget: 600 }, loadOf()), null);
  assert.match(unfit({ ...isolation, sampleBudget: 601 }, loadOf())?.expected ?? '', /601/);
  // How often users ask is unknown beforehand.
  assert.equal(unfit(latencyP95, users), null);
});

test('seconds, windows and readings need a load that has them', () => {
  assert.equal(unfit(by('stall', { sampleBudget: 60 }), loadOf()), null);
  assert.match(unfit(by('stall', { sampleBudget: 61 }), loadOf())?.expected ?? '', /at most 60/);
  assert.equal(unfit(by('latencyGrowth', { sampleBudget: 30 }), loadOf()), null);
  assert.match(unfit(by('latencyGrowth', { sampleBudget: 31 }), loadOf())?.expected ?? '', /620/);
  assert.equal(unfit(by('growth', { sampleBudget: 20 }), loadOf()), null);
  assert.match(unfit(by('growth', { sampleBudget: 20 }), users)?.expected ?? '', /^arrivals/);
});

test('windows are planned where the number of requests is known', () => {
  const growth = by('latencyGrowth', { sampleBudget: 20 });
  assert.deepEqual(windowSizeOf(growth, loadOf()), { windowSize: 28 });
  assert.deepEqual(windowSizeOf(growth, loadOf({ durationSeconds: 40 })), { windowSize: 20 });
  assert.deepEqual([windowSizeOf(growth, users), windowSizeOf(latencyP95, loadOf())], [{}, {}]);
});

test('a rate is searched for where it can be found, by steps that are long enough', () => {
  const rate = (objective: number, sampleBudget = 200) =>
    by('rate', { objective, sampleBudget, keptBelowMs: 500 });
  assert.equal(unfit(rate(150), search), null);
  for (const outside of [39, 800]) assert.equal(unfit(rate(outside), search)?.at, 'aboveRate');
  assert.deepEqual([unfit(rate(40), search), unfit(rate(799), search)], [null, null]);
  // 65 would do for a step alone.
  const few = unfit(rate(150, 65), search);
  assert.deepEqual([few?.at, few?.found], ['sampleBudget', '65']);
});
