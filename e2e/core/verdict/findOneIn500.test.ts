import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binomialAtMost } from '../statistics/binomial.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import { underFault } from '../testing/objectives.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { judge } from './judge.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 40 };
const N = 2301;
const ISOLATION = underFault('isolation', 0, { sampleBudget: N });
const foreignIn500 = (n: number) => 1 - binomialAtMost(0, n, 1 / 500);

test('2,301 answers are the fewest that find 1 foreign one in 500 with 99 %', () => {
  assert.ok(foreignIn500(N) >= 0.99, `${foreignIn500(N)}`);
  assert.ok(foreignIn500(N - 1) < 0.99, `${foreignIn500(N - 1)}`);
});

test('of 1,000 runs with 1 foreign answer in 500 at most 15 pass, of those without one none fails', (t) => {
  const verdicts = (share: number) => {
    const counts = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 1; run <= 1000; run++) {
      const draw = seededDraw(run);
      const answers = Array.from({ length: N }, () => (draw() < share ? 1 : 0));
      // The first foreign answer decides: what comes before it is all that is judged here.
      const first = answers.indexOf(1);
      const seen = first === -1 ? answers : answers.slice(first, first + 1);
      counts[judge(ISOLATION, seriesOf(ISOLATION, seen), RATES).verdict] += 1;
    }
    return counts;
  };
  const leaking = verdicts(1 / 500);
  t.diagnostic(`1 in 500: ${JSON.stringify(leaking)}`);
  assert.ok(leaking.pass <= 15 && leaking.fail >= 985, JSON.stringify(leaking));
  assert.equal(leaking.inconclusive, 0);
  assert.deepEqual(
    judge(ISOLATION, seriesOf(ISOLATION, new Array(N).fill(0)), RATES).verdict,
    'pass',
  );
});

test('one answer fewer than declared does not pass', () => {
  const { verdict, stillNeeded } = judge(
    ISOLATION,
    seriesOf(ISOLATION, new Array(N - 1).fill(0)),
    RATES,
  );
  assert.deepEqual([verdict, stillNeeded], ['inconclusive', 1]);
});
