import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { RequestLine } from '../record/measurementLine.ts';
import type { ModelCallLine } from '../record/recordLine.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import type { VerdictName } from '../statistics/verdict.ts';
import {
  availability,
  latencyP95,
  modelCallsPerRequest,
  underFault,
} from '../testing/objectives.ts';
import { recordOf, requestOf, runOf, workloadOf } from '../testing/recordOf.ts';
import { RETRY_POLICIES, type RetryPolicy, retriesOf } from '../testing/retriesOf.ts';
import { seriesOf } from '../testing/seriesOf.ts';
import { judge } from './judge.ts';
import { judgeGaps } from './judgeGaps.ts';
import type { Judgement } from './judgement.ts';
import {
  excludeDependentObjectives,
  type Judged,
  judgeRun,
  type RunJudgement,
} from './judgeRun.ts';
import { describeNoData } from './reasons.ts';

const requests = (n: number, latencyMs = 350) =>
  Array.from({ length: n }, (_, index) => requestOf(index, { values: { latencyMs } }));

test('a run passes if every selected objective passes; the others are listed', () => {
  const record = recordOf([latencyP95, availability], { requests: requests(65) });
  const run = judgeRun(record, deriveEvents, { selected: [latencyP95.id] });
  assert.equal(run.verdict, 'pass');
  assert.deepEqual(
    run.judgements.map(({ id, verdict }) => [id, verdict]),
    [[latencyP95.id, 'pass']],
  );
  assert.deepEqual([run.notMeasured, run.notSelected], [[], [availability.id]]);
});

test('one miss fails the run; an inconclusive objective makes it inconclusive unless it is only reported', () => {
  const selected = [latencyP95.id, availability.id];
  const verdictOf = (record: Parameters<typeof judgeRun>[0]) =>
    judgeRun(record, deriveEvents, { selected }).verdict;
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

test('a selected objective without data fails, and a run without objectives is inconclusive', () => {
  const record = recordOf([latencyP95]);
  assert.equal(judgeRun(record, deriveEvents, { selected: [latencyP95.id] }).verdict, 'fail');
  assert.equal(judgeRun(record, deriveEvents, { selected: [] }).verdict, 'inconclusive');
});

test('objectives that the target cannot be judged by stay not measured, selected or not', () => {
  const notMeasured = [{ id: 'page.lcp', reason: 'the target has no page' }];
  const record = recordOf([latencyP95], { requests: requests(65) });
  const limited = { ...record, run: { ...runOf([latencyP95]), notMeasured } };
  const run = judgeRun(limited, deriveEvents, { selected: [latencyP95.id, 'page.lcp'] });
  assert.deepEqual(run.notMeasured, notMeasured);
  assert.equal(run.verdict, 'pass');
});

test('model calls that cannot be matched are not measured; if that is unknown they are missing', () => {
  const chats = requests(65).map((request) => ({ ...request, operation: 'chat' }));
  const judged = (modelCallsMatched: boolean | null) =>
    judgeRun(
      recordOf([modelCallsPerRequest], {
        requests: chats,
        workloads: [workloadOf({ planned: { chat: 65 }, modelCallsMatched })],
      }),
      deriveEvents,
      { selected: [modelCallsPerRequest.id] },
    );
  assert.match(judged(false).notMeasured[0]?.reason ?? '', /could not be matched/);
  assert.match(
    judged(null).judgements[0]?.reason ?? '',
    /^no data: 65 requests lack what it takes to judge them$/,
  );
  assert.equal(judged(true).verdict, 'fail');
});

test('an objective that is not in the record is an error', () => {
  assert.throws(
    () => judgeRun(recordOf([latencyP95]), deriveEvents, { selected: ['classify.latency.p59'] }),
    {
      code: 'RECORD_INVALID',
      message: /classify\.latency\.p59/,
    },
  );
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
    judgeRun(recordOf(objectives, { requests: slow }), deriveEvents, {
      selected: objectives.map(({ id }) => id),
    }).judgements[0]?.verdict;
  assert.equal(verdicts(many.slice(0, 1)), 'fail');
  assert.equal(verdicts(many), 'inconclusive');
});

const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 2 };
const retried = underFault('retried', 0, { sampleBudget: 2 });
const growth = underFault('gapGrowth', 1.4);

const judged = (objective: Objective, values: number[], missing = 0): Judged => ({
  objective,
  judgement: judge(objective, seriesOf(objective, values, { missing }), RATES),
  missing,
});
const idsOf = (...all: Judged[]) => {
  const { judgements, excused } = excludeDependentObjectives(all);
  return { judged: judgements.map(({ id }) => id), excused: excused.map(({ id }) => id) };
};
const KEPT = { judged: ['down.retried', 'down.gapGrowth'], excused: [] };

test('waits between retries are not measured if nothing is retried', () => {
  const { judgements, excused } = excludeDependentObjectives([
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

test('no data stays a fail if the presupposed objective is met, inconclusive, without data or not judged', () => {
  for (const values of [[0, 0], [0], []]) {
    assert.deepEqual(idsOf(judged(retried, values), judged(growth, [])), KEPT);
  }
  assert.deepEqual(idsOf(judged(growth, [])), { judged: ['down.gapGrowth'], excused: [] });
});

test('missing data is not excused by a presupposed objective', () => {
  assert.deepEqual(idsOf(judged(retried, [1, 1]), judged(growth, [], 3)), KEPT);
});

test('an objective with data is judged, and the presupposed objective is that of the same operation', () => {
  assert.deepEqual(idsOf(judged(retried, [1, 1]), judged(growth, [2])), KEPT);
  const elsewhere = { ...retried, id: 'up.retried', operation: 'up' };
  assert.deepEqual(idsOf(judged(elsewhere, [1, 1]), judged(growth, [])), {
    judged: ['up.retried', 'down.gapGrowth'],
    excused: [],
  });
});

test('a metric without a presupposition is never excused', () => {
  const refusal = underFault('refusal', 25_000);
  assert.deepEqual(idsOf(judged(retried, [1, 1]), judged(refusal, [])), {
    judged: ['down.retried', 'down.refusal'],
    excused: [],
  });
});

const ADMITTED = [{ id: 'retries', what: 'no retry', release: 'v1.2', impact: 'medium' }];
const gap = { gap: 'retries' };
const retriedInGap = underFault('retried', 0, { ...gap, sampleBudget: 60 });
const growthInGap = underFault('gapGrowth', 1.4, { ...gap, sampleBudget: 60 });
const attempts = underFault('attempts', 5, { sampleBudget: 60 });
const OBJECTIVES = [latencyP95, retriedInGap, growthInGap, attempts];

const healthy = Array.from({ length: 65 }, (_, index) => requestOf(1000 + index));
const never: RetryPolicy = () => [];

/** A run of 65 requests to a healthy model, and 60 to one that is down, which the target retries by this policy. */
function runOfPolicy(
  policy: RetryPolicy,
  given: { objectives?: Objective[]; knownGaps?: typeof ADMITTED; selected?: string[] } = {},
  change: (parts: { requests: RequestLine[]; modelCalls: ModelCallLine[] }) => object = (p) => p,
): RunJudgement {
  const { objectives = OBJECTIVES, knownGaps = ADMITTED } = given;
  const { selected = objectives.map(({ id }) => id) } = given;
  const draw = seededDraw(1);
  const down = Array.from({ length: 60 }, (_, index) =>
    retriesOf(index, policy, { draw, noiseMs: 2 }),
  );
  const requests = [...healthy, ...down.map(({ request }) => request)];
  const modelCalls = down.flatMap(({ calls }) => calls);
  const record = recordOf(objectives, change({ requests, modelCalls }));
  return judgeRun({ ...record, run: { ...runOf(objectives), knownGaps } }, deriveEvents, {
    selected,
  });
}

const verdictsOf = ({ judgements }: RunJudgement) =>
  Object.fromEntries(judgements.map(({ id, verdict }) => [id, verdict]));

test('an open admitted gap does not fail the run, and metrics that depend on it are not measured', () => {
  const run = runOfPolicy(never);
  assert.equal(run.verdict, 'pass');
  assert.deepEqual(verdictsOf(run), {
    'classify.latency.p95': 'pass',
    'down.retried': 'fail',
    'down.attempts': 'pass',
  });
  assert.deepEqual(run.notMeasured, [
    { id: 'down.gapGrowth', reason: 'there was nothing to measure, since down.retried is not met' },
  ]);
  assert.deepEqual(
    run.gaps.map(({ id, state, missed }) => [id, state, missed]),
    [['retries', 'open', ['down.retried']]],
  );
});

test('the same gap fails the run if it is not admitted', () => {
  const run = runOfPolicy(never, { knownGaps: [] });
  assert.deepEqual([run.verdict, run.gaps], ['fail', []]);
});

test('an admitted gap that is closed fails the run until it is removed', () => {
  const run = runOfPolicy(RETRY_POLICIES.planned);
  assert.deepEqual([run.verdict, run.gaps[0]?.state], ['fail', 'closed']);
  assert.ok(Object.values(verdictsOf(run)).every((verdict) => verdict === 'pass'));
  assert.equal(runOfPolicy(RETRY_POLICIES.planned, { knownGaps: [] }).verdict, 'pass');
});

test('a partly closed gap is open, with the objectives that are missed', () => {
  const run = runOfPolicy(RETRY_POLICIES.constantGap);
  assert.equal(run.verdict, 'pass');
  assert.deepEqual(run.gaps[0]?.missed, ['down.gapGrowth']);
});

test('another defect fails the run in spite of an open gap', () => {
  const strict: Objective = { ...attempts, objective: 1 };
  const run = runOfPolicy(RETRY_POLICIES.constantGap, {
    objectives: [latencyP95, retriedInGap, growthInGap, strict],
  });
  assert.deepEqual([run.gaps[0]?.state, run.verdict], ['open', 'fail']);
});

test('a gap that was only partly selected is neither open nor closed', () => {
  const run = runOfPolicy(RETRY_POLICIES.planned, { selected: [latencyP95.id, retriedInGap.id] });
  assert.deepEqual([run.verdict, run.gaps[0]?.state], ['pass', 'notMeasured']);
});

test('an open gap does not excuse missing data', () => {
  const run = runOfPolicy(never, {}, ({ requests, modelCalls }) => ({
    requests,
    modelCalls: modelCalls.slice(0, 30),
  }));
  assert.equal(run.gaps[0]?.state, 'open');
  assert.equal(verdictsOf(run)['down.gapGrowth'], 'fail');
  assert.equal(run.verdict, 'fail');
});

test('a run with nothing but open gaps passes', () => {
  const run = runOfPolicy(never, { selected: [retriedInGap.id] });
  assert.deepEqual([run.verdict, verdictsOf(run)], ['pass', { 'down.retried': 'fail' }]);
});

const GAP = { id: 'retries', what: 'x', release: 'v1', impact: 'low' };
const notRetried = underFault('retried', 0, { gap: 'retries', sampleBudget: 2 });
const answered = underFault('answered', 0, { gap: 'retries', sampleBudget: 2 });
const foreign = underFault('released', 0, { gap: 'another', sampleBudget: 2 });
const RUN = { knownGaps: [GAP], objectives: [notRetried, answered, foreign] };

/** Bad and good events that come to each verdict. */
const EVENTS: Record<VerdictName, number[]> = { pass: [0, 0], fail: [0, 1], inconclusive: [0] };

const judgeAs = (objective: Objective, verdict: VerdictName): Judgement => {
  const judgement = judge(objective, seriesOf(objective, EVENTS[verdict]), RATES);
  assert.equal(judgement.verdict, verdict);
  return judgement;
};
const noData = (objective: Objective) => judge(objective, seriesOf(objective, []), RATES);

test('a gap is open if one of its objectives is missed', () => {
  for (const other of ['pass', 'inconclusive'] as const) {
    const [gap, ...more] = judgeGaps(RUN, [judgeAs(notRetried, 'fail'), judgeAs(answered, other)]);
    assert.deepEqual(more, []);
    assert.deepEqual(gap, {
      id: 'retries',
      state: 'open',
      observed: 'down.retried: 50.0 % [2.5, open], 1 of 2 were not tried again: not one may',
      missed: ['down.retried'],
    });
  }
  const both = judgeGaps(RUN, [judgeAs(notRetried, 'fail'), judgeAs(answered, 'fail')]);
  assert.deepEqual(both[0]?.missed, ['down.retried', 'down.answered']);
});

test('an open gap does not excuse objectives without data', () => {
  const [gap] = judgeGaps(RUN, [judgeAs(notRetried, 'fail'), noData(answered)]);
  assert.deepEqual([gap?.state, gap?.missed], ['open', ['down.retried']]);
});

test('a gap is closed if all its objectives are met', () => {
  const [gap] = judgeGaps(RUN, [judgeAs(notRetried, 'pass'), judgeAs(answered, 'pass')]);
  assert.deepEqual([gap?.state, gap?.missed], ['closed', []]);
  assert.match(
    gap?.observed ?? '',
    /^every objective of it is met: down\.retried: 100 % \[22\.4, 100\], /,
  );
});

test('a gap that is neither open nor closed is not measured, with the reason', () => {
  for (const [judgements, observed] of [
    [[], 'no objective of it was judged'],
    [[judgeAs(foreign, 'fail')], 'no objective of it was judged'],
    [[judgeAs(notRetried, 'pass')], '1 of its 2 objectives were not judged'],
    [
      [judgeAs(notRetried, 'pass'), judgeAs(answered, 'inconclusive')],
      'inconclusive: down.answered',
    ],
    [[judgeAs(notRetried, 'inconclusive')], 'inconclusive: down.retried'],
    [[judgeAs(notRetried, 'pass'), noData(answered)], 'without data: down.answered'],
    [[noData(notRetried), noData(answered)], 'without data: down.retried, down.answered'],
  ] as const) {
    const [gap] = judgeGaps(RUN, judgements);
    assert.deepEqual(gap, { id: 'retries', state: 'notMeasured', observed, missed: [] });
  }
});

test('a gap without objectives is not measured, and one that is not admitted is not judged', () => {
  const [none] = judgeGaps({ ...RUN, objectives: [foreign] }, [judgeAs(foreign, 'fail')]);
  assert.deepEqual(
    [none?.state, none?.observed],
    ['notMeasured', 'no objective of this target shows it'],
  );
  assert.deepEqual(judgeGaps({ ...RUN, knownGaps: [] }, [judgeAs(notRetried, 'fail')]), []);
});

test('the reason for no data counts failed and missing requests', () => {
  const none = { events: [], failed: 0, missing: 0 };
  assert.equal(describeNoData(none, 'requests'), 'no data: nothing was measured');
  const some = { ...none, failed: 1200, firstFailure: 'status 500', missing: 1 };
  assert.equal(
    describeNoData(some, 'requests'),
    'no data: 1,200 requests failed (the first: status 500), 1 request lacks what it takes to judge it',
  );
  assert.equal(
    describeNoData({ ...none, failed: 1, missing: 2 }, 'uses'),
    'no data: 1 use failed, 2 uses lack what it takes to judge them',
  );
});

test('the answer of a target is shown short and without control characters', () => {
  const firstFailure = `status 500\n::error::\u001b[31m${'x'.repeat(200)}`;
  const series = { events: [], failed: 2, firstFailure, missing: 0 };
  const reason = describeNoData(series, 'requests');
  assert.ok(reason.length < 180, reason);
  assert.doesNotMatch(reason, /\p{C}/u);
});

const contract = {
  ...availability,
  id: 'failures.contract',
  operation: 'failures',
  metric: METRICS.contract,
  fault: '*',
  objective: 0,
  allowedShare: 0,
  spans: true,
  workload: null,
} as const;
const CAME = 'not in the form of the contract; status 502, keys msg: {"msg":"no\u001b[2J"}';

const reasonOf = (checks: Record<string, boolean>, objection: string | null) => {
  const failed = { fault: 'brokenModel', status: 502, failure: 'status 502' };
  const requests = Array.from({ length: 80 }, (_, at) =>
    requestOf(at, {
      ...failed,
      checks: at < 4 ? { contract: true } : checks,
      objection: at < 4 ? 'of an answer that is not bad' : objection,
    }),
  );
  const record = recordOf([contract], { requests });
  return judgeRun(record, deriveEvents, { selected: [contract.id] }).judgements[0]?.reason ?? '';
};

test('a reason shows what was wrong with the first bad answer', () => {
  assert.match(
    reasonOf({ contract: false }, CAME),
    /; the first: not in the form of the contract; status 502, keys msg: \{"msg":"no \[2J"\}$/,
  );
  assert.doesNotMatch(reasonOf({ contract: false }, null), /the first/);
  assert.doesNotMatch(reasonOf({ contract: true }, CAME), /the first/);
});
