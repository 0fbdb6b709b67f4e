import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { loadSchema } from '../core/budget/loadSchema.ts';
import type { RecordLine } from '../core/record/recordLine.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { memoryOf, requestOf, runOf, workloadOf } from '../core/testing/recordOf.ts';
import { LOAD_OPERATIONS } from '../salestalk/operations.ts';
import { RecordWriter } from '../setup/recordWriter.ts';
import type { RunContext } from '../setup/runContext.ts';
import { runContextOf } from '../testing/runContextOf.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';
import { WORKLOAD } from '../testing/withFakes.ts';
import { computeWorkloadCost, type Workload } from './api/plan.ts';
import { refuseBeyondCeilings, refuseCostlyLoads } from './ceilings.ts';

const AMPLE = {
  requestsPerSecond: 1000,
  requestsPerRun: 1000,
  durationSeconds: 60,
  paidModelCalls: 0,
  load: false,
  faults: false,
};

type Given = {
  ceilings?: Partial<typeof AMPLE>;
  workload?: Partial<Workload>;
  /** Further workloads that are to run at the same time. */
  beside?: Partial<Workload>[];
  target?: Partial<RunContext['target']>;
  /** What the run has recorded already. */
  lines?: RecordLine[];
};

function refuse({ ceilings, workload = {}, beside = [], target, lines = [] }: Given = {}): void {
  using folder = temporaryFolder();
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const context = runContextOf({ recordFile });
  const run = {
    ...context,
    target: { ...context.target, ceilings: { ...AMPLE, ...ceilings }, ...target },
  };
  const record = new RecordWriter(run);
  record.append(...lines);
  const workloads = [workload, ...beside].map((parts) => ({ ...WORKLOAD, ...parts }));
  const costs = workloads.map((one) => computeWorkloadCost(one, run.target.tenants));
  refuseBeyondCeilings(costs, run, record);
}

/** Asserts that the workloads need exactly this much of a ceiling. */
function assertNeeds(
  ceiling: 'requestsPerSecond' | 'requestsPerRun' | 'paidModelCalls',
  planned: number,
  given: Given = {},
): void {
  const limitTo = (allowed: number) => ({
    ...given,
    ceilings: { ...given.ceilings, [ceiling]: allowed },
  });
  refuse(limitTo(planned));
  const names = ['test', ...(given.beside ?? []).map(({ name }) => name)];
  assert.throws(() => refuse(limitTo(planned - 1)), {
    code: 'CEILING_EXCEEDED',
    message: [
      `CEILING_EXCEEDED: The ${names.length === 1 ? 'workload' : 'workloads'} ${names.join(', ')} would cost staging more than its budget allows.`,
      '  file     budgets/staging.json',
      `  where    ceilings → ${ceiling}`,
      `  found    ${planned} planned`,
      `  expected at most ${planned - 1}`,
      ceiling === 'paidModelCalls'
        ? '  remedy   If its model is mocked, say so: AI_MOCK_PORT or AI_MOCK_CONTROL_URL, and supports → mockedAi. Else: Lower the sample sizes, raise the ceiling, or take the objective out of this budget.'
        : '  remedy   Lower the sample sizes, raise the ceiling, or take the objective out of this budget.',
    ].join('\n'),
  });
}

const NOOPS = 4;
/** 34 requests and the no-ops, which call no model. */
const PLANNED = 34 + NOOPS;

const { supports } = runContextOf().target;
const REAL_MODEL = { supports: { ...supports, mockedAi: false } };

test('a workload at or below all ceilings passes', () => {
  refuse();
  assertNeeds('requestsPerRun', PLANNED, { ceilings: { requestsPerSecond: 1000 } });
});

test('requests that the run has sent count towards its ceiling', () => {
  const others = Array.from({ length: 10 }, (_, at) => requestOf(at));
  assertNeeds('requestsPerRun', PLANNED + 10, { lines: others });
  // Its own requests are part of the plan.
  const own = others.map((line) => ({ ...line, workload: WORKLOAD.name }));
  assertNeeds('requestsPerRun', PLANNED, { lines: own });
});

test('rates and requests of workloads that run at the same time add up', () => {
  const beside = [{ name: 'second' }, { name: 'third' }];
  assertNeeds('requestsPerSecond', 3000, { beside });
  assertNeeds('requestsPerRun', 3 * PLANNED, { beside, ceilings: { requestsPerSecond: 3000 } });
});

test('durations of workloads that run at the same time do not add up', () => {
  const slow = { ratePerSecond: 1 };
  refuse({ workload: slow, beside: [{ ...slow, name: 'second' }] });
});

test('a rate that is split over workloads passes despite rounding', () => {
  const share = { ratePerSecond: 13 / 7 };
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const beside = names.map((name) => ({ ...share, name }));
  const ceilings = { requestsPerSecond: 13 };
  refuse({ workload: share, beside, ceilings });
});

test('an unfinished workload counts with its whole plan', () => {
  const planned = { classify: 30, foreignSession: 2 };
  const started = workloadOf({ state: 'started', planned });
  const lines: RecordLine[] = [started, requestOf(0), requestOf(1)];
  assertNeeds('requestsPerRun', PLANNED + 30 + 3 * 2, { lines });
  // Once it is complete, what it has sent counts.
  const complete = [...lines, workloadOf({ state: 'complete', planned })];
  assertNeeds('requestsPerRun', PLANNED + 2, { lines: complete });
});

test('a load counts as sent whole, with its calls of a real model', () => {
  const load = { workload: 'soak', planned: { soak: 100 } };
  const reading = memoryOf(0, { workload: 'soak', operation: 'soak.memory' });
  const lines: RecordLine[] = [
    workloadOf({ ...load, state: 'started' }),
    { ...reading, iterations: 7 },
    workloadOf({ ...load, state: 'complete' }),
  ];
  const requestsPerRun = PLANNED + 100;
  const paidModelCalls = 2 * (requestsPerRun - NOOPS);
  const given = { lines, target: REAL_MODEL };
  assertNeeds('requestsPerRun', requestsPerRun, { ...given, ceilings: { paidModelCalls } });
  assertNeeds('paidModelCalls', paidModelCalls, { ...given, ceilings: { requestsPerRun } });
});

test('a trial of a foreign session costs three requests', () => {
  const workload = { requests: { foreignSession: 10 }, warmUpEach: 0, ratePerSecond: 100 };
  assertNeeds('requestsPerRun', 3 * 10 + 1, { workload });
  assertNeeds('requestsPerSecond', 300, { workload });
  const lines = [requestOf(0, { operation: 'foreignSession' })];
  assertNeeds('requestsPerRun', PLANNED + 3, { lines });
});

test('a rate or a duration above its ceiling is refused', () => {
  assertNeeds('requestsPerSecond', 1000);
  assert.throws(() => refuse({ workload: { ratePerSecond: 0.5 } }), {
    code: 'CEILING_EXCEEDED',
    message: /ceilings → durationSeconds$/m,
  });
});

test('calls of a real model count towards their ceiling', () => {
  assertNeeds('paidModelCalls', 2 * (PLANNED - NOOPS), { target: REAL_MODEL });
  refuse({ workload: { requests: {} }, target: REAL_MODEL });
});

test('a line that stands for many requests counts as that many', () => {
  const lines = [memoryOf(0, { workload: 'memory', iterations: 950 })];
  assert.throws(() => refuse({ lines, workload: { requests: { classify: 60 } } }), {
    code: 'CEILING_EXCEEDED',
  });
  refuse({ lines, workload: { requests: { classify: 5 } } });
});

const HEADER = runOf([{ ...latencyP95, workload: 'sustained' }]);

function refuseLoad(load: object, parts: object = {}, header = HEADER): void {
  const sustained = loadSchema(LOAD_OPERATIONS).parse({
    scenarios: [{ operations: { chat: 1 } }],
    arrivals: { model: 'constant', rate: 10 },
    warmUpSeconds: 0,
    durationSeconds: 10,
    ...load,
  });
  const target = { ...runContextOf().target, loads: { sustained }, ...parts };
  refuseCostlyLoads(header, target, () => 'budgets/common.json');
}

test('calls and tokens of a real model must stay under the ceilings of the load; a mocked model costs nothing', () => {
  const ceilings = { modelCalls: 100 };
  assert.throws(() => refuseLoad({ ceilings }, REAL_MODEL), {
    code: 'CEILING_EXCEEDED',
    message:
      /file {5}budgets\/common\.json\n.* → ceilings → modelCalls[\s\S]*220 planned[\s\S]*at most 100/,
  });
  assert.throws(() => refuseLoad({ ceilings: { tokens: 1000 }, tokensPerCall: 500 }, REAL_MODEL), {
    message: /ceilings → tokens[\s\S]*110000 planned/,
  });
  refuseLoad({ ceilings });
  refuseLoad({ ceilings: { ...ceilings, requests: 50 } }, REAL_MODEL);
  // A load that nothing is judged by is not sent.
  refuseLoad({ ceilings }, REAL_MODEL, runOf([]));
});
