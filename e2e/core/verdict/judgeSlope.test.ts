import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventSeries } from '../record/event.ts';
import { normalDraw, seededDraw } from '../statistics/seededDraw.ts';
import { underFault } from '../testing/objectives.ts';
import { judge } from './judge.ts';

const OBJECTIVE = underFault('growth', 100, { sampleBudget: 20 });
const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 60 };

const UNDER_LOAD = underFault('latencyGrowth', 0.5, { sampleBudget: 20, fault: null });

const verdictOf = (
  values: number[],
  missing = 0,
  objective = OBJECTIVE,
  rest: Partial<EventSeries> = {},
) => {
  const events = values.map((value, at) => ({
    id: `use-${at}`,
    atMs: 1_800_000_000_000 + at,
    bad: false,
    value,
    requestId: null,
    tenant: null,
  }));
  return judge(objective, { events, failed: 0, missing, ...rest }, RATES);
};

const line = (n: number, perUse: number) =>
  Array.from({ length: n }, (_, at) => 5_000_000 + at * perUse);

test('what does not grow passes, what grows by more than it may fails, by its slope', () => {
  const flat = verdictOf(line(20, 0));
  assert.deepEqual([flat.verdict, flat.estimate, flat.n], ['pass', 0, 20]);
  const leak = verdictOf(line(20, 1024));
  assert.deepEqual([leak.verdict, leak.estimate], ['fail', 1024]);
  assert.match(leak.reason, /grows by at least 1024 B\/use over 20 uses, 100 B\/use may/);
  assert.equal(verdictOf(line(20, -500)).verdict, 'pass');
});

test('fewer uses than declared, and uses without a value, are no ground for a pass', () => {
  assert.equal(verdictOf(line(19, 0)).verdict, 'inconclusive');
  assert.match(verdictOf(line(19, 0)).reason, /; 1 of 20 values are missing$/);
  assert.equal(verdictOf(line(20, 0), 1).verdict, 'inconclusive');
  assert.equal(verdictOf(line(1, 0)).verdict, 'fail');
  assert.match(verdictOf([]).reason, /no data: nothing was measured/);
});

test('growth under load is told by the thousand requests, and over how many requests', () => {
  const slowing = verdictOf(line(20, 0.9), 0, UNDER_LOAD, { usesBetween: 0.36 });
  assert.equal(slowing.verdict, 'fail');
  assert.ok(Math.abs((slowing.estimate ?? 0) - 2.5) < 1e-6);
  assert.equal(
    slowing.reason,
    'grows by at least 2.5 ms/1,000 requests over 7,200 requests, 0.5 ms/1,000 requests may',
  );
  const steady = verdictOf(line(20, 0.09), 0, UNDER_LOAD, { usesBetween: 0.36 });
  assert.equal(steady.verdict, 'pass');
  assert.match(steady.reason, /^grows by at most 0\.25 ms\/1,000 requests over 7,200 requests/);
  assert.match(verdictOf([], 310, UNDER_LOAD).reason, /^no data: 310 requests lack what it takes/);
});

test('by simulation: noise alone rarely fails or passes, and leaks are found', (t) => {
  const RUNS = 2000;
  const count = (wanted: string, perUse: number, noise: number) => {
    const draw = seededDraw(7);
    const normal = normalDraw(draw);
    const verdicts = Array.from({ length: RUNS }, () =>
      verdictOf(line(20, perUse).map((value) => value + noise * normal())),
    );
    return verdicts.filter(({ verdict }) => verdict === wanted).length / RUNS;
  };
  const rates = {
    'false pass at the boundary': count('pass', 100, 400),
    'false fail at the boundary': count('fail', 100, 400),
    'clean and passed': count('pass', 0, 100),
    'leak of 1 KB found': count('fail', 1024, 400),
  };
  t.diagnostic(JSON.stringify(rates));
  // Nominally 5 %: what is beyond is the chance of 2,000 runs.
  assert.ok(rates['false pass at the boundary'] <= 0.06);
  assert.equal(rates['false fail at the boundary'], 0);
  assert.ok(rates['clean and passed'] > 0.95);
  assert.equal(rates['leak of 1 KB found'], 1);
});
