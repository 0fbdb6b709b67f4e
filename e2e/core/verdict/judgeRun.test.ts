import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, latencyP95, modelCallsPerRequest } from '../testing/objectives.ts';
import { recordOf, requestOf, runOf, workloadOf } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';

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
