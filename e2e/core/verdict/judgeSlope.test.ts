import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalDraw } from '../calibration/normalDraw.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import { underFault } from '../testing/objectives.ts';
import { judge } from './judge.ts';

const OBJECTIVE = underFault('growth', 100, { sampleBudget: 20 });
const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 60 };

const verdictOf = (values: number[], missing = 0) => {
  const events = values.map((value, at) => ({
    id: `use-${at}`,
    atMs: 1_800_000_000_000 + at,
    bad: false,
    value,
    requestId: null,
    tenant: null,
  }));
  return judge(OBJECTIVE, { events, failed: 0, missing }, RATES);
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
  assert.match(verdictOf(line(19, 0)).reason, /1 of 20 uses are missing/);
  assert.equal(verdictOf(line(20, 0), 1).verdict, 'inconclusive');
  assert.equal(verdictOf(line(1, 0)).verdict, 'fail');
  assert.match(verdictOf([]).reason, /no data: nothing was measured/);
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
