import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../budget/objective.ts';
import type { ModelCallLine, RequestLine } from '../record/recordLine.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import { latencyP95, underFault } from '../testing/objectives.ts';
import { recordOf, requestOf, runOf } from '../testing/recordOf.ts';
import { RETRY_POLICIES, type RetryPolicy, retriesOf } from '../testing/retriesOf.ts';
import { judgeRun, type RunJudgement } from './judgeRun.ts';

const ADMITTED = [{ id: 'retries', what: 'no retry', release: 'v1.2', impact: 'medium' }];
const gap = { gap: 'retries' };
const retried = underFault('retried', 0, { ...gap, sampleBudget: 60 });
const growth = underFault('gapGrowth', 1.4, { ...gap, sampleBudget: 60 });
const attempts = underFault('attempts', 5, { sampleBudget: 60 });
const OBJECTIVES = [latencyP95, retried, growth, attempts];

const healthy = Array.from({ length: 65 }, (_, index) => requestOf(1000 + index));
const never: RetryPolicy = () => [];

/** A run of 65 requests to a model that is well, and 60 to one that is down, which the target tries again by this policy. */
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
  return judgeRun({ ...record, run: { ...runOf(objectives), knownGaps } }, { selected });
}

const verdictsOf = ({ judgements }: RunJudgement) =>
  Object.fromEntries(judgements.map(({ id, verdict }) => [id, verdict]));

test('an admitted gap that is open leaves the run green, and what it takes the ground from is not measured', () => {
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

test('the same without the admission fails', () => {
  const run = runOfPolicy(never, { knownGaps: [] });
  assert.deepEqual([run.verdict, run.gaps], ['fail', []]);
});

test('an admitted gap that is closed fails the run until it is removed', () => {
  const run = runOfPolicy(RETRY_POLICIES.planned);
  assert.deepEqual([run.verdict, run.gaps[0]?.state], ['fail', 'closed']);
  assert.ok(Object.values(verdictsOf(run)).every((verdict) => verdict === 'pass'));
  assert.equal(runOfPolicy(RETRY_POLICIES.planned, { knownGaps: [] }).verdict, 'pass');
});

test('half closed is open: what is missed of it is named', () => {
  const run = runOfPolicy(RETRY_POLICIES.constantGap);
  assert.equal(run.verdict, 'pass');
  assert.deepEqual(run.gaps[0]?.missed, ['down.gapGrowth']);
});

test('a defect that is not on the list fails beside an open gap', () => {
  const strict: Objective = { ...attempts, objective: 1 };
  const run = runOfPolicy(RETRY_POLICIES.constantGap, {
    objectives: [latencyP95, retried, growth, strict],
  });
  assert.deepEqual([run.gaps[0]?.state, run.verdict], ['open', 'fail']);
});

test('a gap of which a part alone was selected is neither open nor closed, and changes nothing', () => {
  const run = runOfPolicy(RETRY_POLICIES.planned, { selected: [latencyP95.id, retried.id] });
  assert.deepEqual([run.verdict, run.gaps[0]?.state], ['pass', 'notMeasured']);
});

test('an open gap is no excuse for what was not recorded', () => {
  const run = runOfPolicy(never, {}, ({ requests, modelCalls }) => ({
    requests,
    modelCalls: modelCalls.slice(0, 30),
  }));
  assert.equal(run.gaps[0]?.state, 'open');
  assert.equal(verdictsOf(run)['down.gapGrowth'], 'fail');
  assert.equal(run.verdict, 'fail');
});

test('a run whose gaps are all that was judged is green', () => {
  const run = runOfPolicy(never, { selected: [retried.id] });
  assert.deepEqual([run.verdict, verdictsOf(run)], ['pass', { 'down.retried': 'fail' }]);
});
