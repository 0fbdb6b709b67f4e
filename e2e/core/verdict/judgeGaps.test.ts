import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerdictName } from '../statistics/verdict.ts';
import { underFault } from '../testing/objectives.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { judge } from './judge.ts';
import { judgeGaps } from './judgeGaps.ts';
import type { Judgement } from './judgement.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 2 };
const GAP = { id: 'retries', what: 'x', release: 'v1', impact: 'low' };
const retried = underFault('retried', 0, { gap: 'retries', sampleBudget: 2 });
const answered = underFault('answered', 0, { gap: 'retries', sampleBudget: 2 });
const foreign = underFault('released', 0, { gap: 'another', sampleBudget: 2 });
const RUN = { knownGaps: [GAP], objectives: [retried, answered, foreign] };

/** Bad and good events that come to each verdict. */
const EVENTS: Record<VerdictName, number[]> = { pass: [0, 0], fail: [0, 1], inconclusive: [0] };

const judged = (objective: typeof retried, verdict: VerdictName): Judgement => {
  const judgement = judge(objective, seriesOf(objective, EVENTS[verdict]), RATES);
  assert.equal(judgement.verdict, verdict);
  return judgement;
};
const noData = (objective: typeof retried) => judge(objective, seriesOf(objective, []), RATES);

test('open: one objective of it is seen to be missed, whatever became of the rest', () => {
  for (const other of ['pass', 'inconclusive'] as const) {
    const [gap, ...more] = judgeGaps(RUN, [judged(retried, 'fail'), judged(answered, other)]);
    assert.deepEqual(more, []);
    assert.deepEqual(gap, {
      id: 'retries',
      state: 'open',
      observed: 'down.retried: 50.0 % [2.5, open], 1 of 2 were not tried again: not one may',
      missed: ['down.retried'],
    });
  }
  const both = judgeGaps(RUN, [judged(retried, 'fail'), judged(answered, 'fail')]);
  assert.deepEqual(both[0]?.missed, ['down.retried', 'down.answered']);
});

test('open, but what is without data is not excused by it', () => {
  const [gap] = judgeGaps(RUN, [judged(retried, 'fail'), noData(answered)]);
  assert.deepEqual([gap?.state, gap?.missed], ['open', ['down.retried']]);
});

test('closed: every objective of it is met', () => {
  const [gap] = judgeGaps(RUN, [judged(retried, 'pass'), judged(answered, 'pass')]);
  assert.deepEqual([gap?.state, gap?.missed], ['closed', []]);
  assert.match(
    gap?.observed ?? '',
    /^every objective of it is met: down\.retried: 100 % \[22\.4, 100\], /,
  );
});

test('not measured: with the reason', () => {
  for (const [judgements, observed] of [
    [[], 'no objective of it was judged'],
    [[judged(foreign, 'fail')], 'no objective of it was judged'],
    [[judged(retried, 'pass')], '1 of its 2 objectives were not judged'],
    [[judged(retried, 'pass'), judged(answered, 'inconclusive')], 'inconclusive: down.answered'],
    [[judged(retried, 'inconclusive')], 'inconclusive: down.retried'],
    [[judged(retried, 'pass'), noData(answered)], 'without data: down.answered'],
    [[noData(retried), noData(answered)], 'without data: down.retried, down.answered'],
  ] as const) {
    const [gap] = judgeGaps(RUN, judgements);
    assert.deepEqual(gap, { id: 'retries', state: 'notMeasured', observed, missed: [] });
  }
});

test('a gap that no objective of the target shows, and one that is not admitted', () => {
  const [none] = judgeGaps({ ...RUN, objectives: [foreign] }, [judged(foreign, 'fail')]);
  assert.deepEqual(
    [none?.state, none?.observed],
    ['notMeasured', 'no objective of this target shows it'],
  );
  assert.deepEqual(judgeGaps({ ...RUN, knownGaps: [] }, [judged(retried, 'fail')]), []);
});
