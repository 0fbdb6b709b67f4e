import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import {
  availability,
  latencyP95,
  modelCallsPerRequest,
  underFault,
} from '../testing/objectives.ts';
import { recordOf, requestOf, runOf, workloadOf } from '../testing/recordOf.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { judge } from './judge.ts';
import { excludeDependentObjectives, type Judged, judgeRun } from './judgeRun.ts';

const requests = (n: number, latencyMs = 350) =>
  Array.from({ length: n }, (_, index) => requestOf(index, { values: { latencyMs } }));

test('a run passes when every selected objective does; the rest is listed', () => {
  const record = recordOf([latencyP95, availability], { requests: requests(65) });
  const run = judgeRun(record, { selected: [latencyP95.id] });
  assert.equal(run.verdict, 'pass');
  assert.deepEqual(
    run.judgements.map(({ id, verdict }) => [id, verdict]),
    [[latencyP95.id, 'pass']],
  );
  assert.deepEqual([run.notMeasured, run.notSelected], [[], [availability.id]]);
});

test('one miss fails the run, an open objective leaves it inconclusive unless it is only to be reported', () => {
  const selected = [latencyP95.id, availability.id];
  const verdictOf = (record: Parameters<typeof judgeRun>[0]) =>
    judgeRun(record, { selected }).verdict;
  assert.equal(
    verdictOf(recordOf([latencyP95, availability], { requests: requests(65) })),
    'inconclusive',
  );
  assert.equal(
    verdictOf(recordOf([latencyP95, availability], { requests: requests(65, 2100) })),
    'fail',
  );
  const tolerant = { ...availability, onInconclusive: 'report' as const };
  assert.equal(verdictOf(recordOf([latencyP95, tolerant], { requests: requests(65) })), 'pass');
});

test('selected without data fails, nothing selected is not a pass', () => {
  const record = recordOf([latencyP95]);
  assert.equal(judgeRun(record, { selected: [latencyP95.id] }).verdict, 'fail');
  assert.equal(judgeRun(record, { selected: [] }).verdict, 'inconclusive');
});

test('what this target cannot be judged by stays not measured, selected or not', () => {
  const notMeasured = [{ id: 'page.lcp', reason: 'the target has no page' }];
  const record = recordOf([latencyP95], { requests: requests(65) });
  const limited = { ...record, run: { ...runOf([latencyP95]), notMeasured } };
  const run = judgeRun(limited, { selected: [latencyP95.id, 'page.lcp'] });
  assert.deepEqual(run.notMeasured, notMeasured);
  assert.equal(run.verdict, 'pass');
});

test('model calls that cannot be matched are not measured; unmatched without a word are missing', () => {
  const chats = requests(65).map((request) => ({ ...request, operation: 'chat' }));
  const judged = (modelCallsMatched: boolean | null) =>
    judgeRun(
      recordOf([modelCallsPerRequest], {
        requests: chats,
        workloads: [workloadOf({ planned: { chat: 65 }, modelCallsMatched })],
      }),
      { selected: [modelCallsPerRequest.id] },
    );
  assert.match(judged(false).notMeasured[0]?.reason ?? '', /could not be matched/);
  assert.match(
    judged(null).judgements[0]?.reason ?? '',
    /^no data: 65 requests lack what it takes to judge them$/,
  );
  assert.equal(judged(true).verdict, 'fail');
});

test('an objective that the record does not know is an error', () => {
  assert.throws(() => judgeRun(recordOf([latencyP95]), { selected: ['classify.latency.p59'] }), {
    code: 'RECORD_INVALID',
    message: /classify\.latency\.p59/,
  });
});

test('the false fails of a run are split over the objectives that were judged', () => {
  // 11 of 95 at a steady beat: beyond chance at 1 % of the run for one objective, not at 1 % split over 25.
  const slow = requests(95).map((request, at) =>
    at % 8 === 0 && at > 0 ? { ...request, values: { latencyMs: 2100 } } : request,
  );
  const many = Array.from({ length: 25 }, (_, at) => ({
    ...latencyP95,
    id: `classify.latency.${at}`,
  }));
  const verdicts = (objectives: typeof many) =>
    judgeRun(recordOf(objectives, { requests: slow }), { selected: objectives.map(({ id }) => id) })
      .judgements[0]?.verdict;
  assert.equal(verdicts(many.slice(0, 1)), 'fail');
  assert.equal(verdicts(many), 'inconclusive');
});

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 2 };
const retried = underFault('retried', 0, { sampleBudget: 2 });
const growth = underFault('gapGrowth', 1.4);

const judged = (objective: Objective, values: number[], missing = 0): Judged => ({
  judgement: judge(objective, seriesOf(objective, values, { missing }), RATES),
  missing,
});
const idsOf = (objectives: Objective[], ...all: Judged[]) => {
  const { judgements, excused } = excludeDependentObjectives(objectives, all);
  return { judged: judgements.map(({ id }) => id), excused: excused.map(({ id }) => id) };
};
const BOTH = [retried, growth];
const KEPT = { judged: ['down.retried', 'down.gapGrowth'], excused: [] };

test('where nothing is retried there are no waits: not measured, with the reason', () => {
  const { judgements, excused } = excludeDependentObjectives(BOTH, [
    judged(retried, [1, 1]),
    judged(growth, []),
  ]);
  assert.deepEqual(
    judgements.map(({ id }) => id),
    ['down.retried'],
  );
  assert.deepEqual(excused, [
    { id: 'down.gapGrowth', reason: 'there was nothing to measure, since down.retried is not met' },
  ]);
});

test('no data stays a fail where its ground is met, open, without data itself, or not judged', () => {
  for (const values of [[0, 0], [0], []]) {
    assert.deepEqual(idsOf(BOTH, judged(retried, values), judged(growth, [])), KEPT);
  }
  assert.deepEqual(idsOf(BOTH, judged(growth, [])), { judged: ['down.gapGrowth'], excused: [] });
  assert.deepEqual(idsOf([growth], judged(retried, [1, 1]), judged(growth, [])), KEPT);
});

test('what was to be measured and was not is not excused', () => {
  assert.deepEqual(idsOf(BOTH, judged(retried, [1, 1]), judged(growth, [], 3)), KEPT);
});

test('what has data is judged, and the ground is that of the same operation', () => {
  assert.deepEqual(idsOf(BOTH, judged(retried, [1, 1]), judged(growth, [2])), KEPT);
  const elsewhere = { ...retried, id: 'up.retried', operation: 'up' };
  assert.deepEqual(idsOf([elsewhere, growth], judged(elsewhere, [1, 1]), judged(growth, [])), {
    judged: ['up.retried', 'down.gapGrowth'],
    excused: [],
  });
});

test('a metric that presupposes nothing is excused by nothing', () => {
  const refusal = underFault('refusal', 25_000);
  assert.deepEqual(idsOf([retried, refusal], judged(retried, [1, 1]), judged(refusal, [])), {
    judged: ['down.retried', 'down.refusal'],
    excused: [],
  });
});
