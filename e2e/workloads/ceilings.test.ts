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
  /** Further ones that are to run at the same time. */
  beside?: Partial<Workload>[];
  target?: Partial<RunContext['target']>;
  /** Requests of another workload, and of this one, that the run has sent already. */
  sent?: { others?: number; own?: number };
  lines?: RecordLine[];
};

function refuse(given: Given = {}): void {
  const { ceilings = {}, workload = {}, beside = [], target = {}, sent = {}, lines = [] } = given;
  using folder = temporaryFolder();
  const recordFile = path.join(folder.path, 'measurements.ndjson');
  const context = runContextOf({ recordFile });
  const run = {
    ...context,
    target: { ...context.target, ceilings: { ...AMPLE, ...ceilings }, ...target },
  };
  const record = new RecordWriter(run);
  const { others = 0, own = 0 } = sent;
  for (let at = 0; at < others; at++) record.append(requestOf(at));
  for (let at = others; at < others + own; at++)
    record.append(requestOf(at, { workload: WORKLOAD.name }));
  record.append(...lines);
  const workloads = [workload, ...beside].map((parts) => ({ ...WORKLOAD, ...parts }));
  const costs = workloads.map((one) => computeWorkloadCost(one, run.target.tenants));
  refuseBeyondCeilings(costs, run, record);
}

const NOOPS = 4;
/** 34 requests and the no-ops, which take nothing of the model. */
const PLANNED = 34 + NOOPS;

const { supports } = runContextOf().target;
const REAL_MODEL = { supports: { ...supports, mockedAi: false } };

function exceeded(ceiling: string, planned: number, allowed: number) {
  return {
    code: 'CEILING_EXCEEDED',
    message: [
      'CEILING_EXCEEDED: The workload test would cost staging more than its budget allows.',
      '  file     budgets/staging.json',
      `  where    ceilings → ${ceiling}`,
      `  found    ${planned} planned`,
      `  expected at most ${allowed}`,
      ceiling === 'paidModelCalls'
        ? '  remedy   If its model is mocked, say so: AI_MOCK_PORT or AI_MOCK_CONTROL_URL, and supports → mockedAi. Else: Lower the sample sizes, raise the ceiling, or take the objective out of this budget.'
        : '  remedy   Lower the sample sizes, raise the ceiling, or take the objective out of this budget.',
    ].join('\n'),
  };
}

test('a workload at or below all ceilings passes', () => {
  refuse();
  refuse({ ceilings: { requestsPerSecond: 1000, requestsPerRun: PLANNED } });
});

test('requests that the run has sent count towards its ceiling', () => {
  const requestsPerRun = PLANNED + 9;
  const expected = exceeded('requestsPerRun', PLANNED + 10, requestsPerRun);
  assert.throws(() => refuse({ ceilings: { requestsPerRun }, sent: { others: 10 } }), expected);
  // Its own requests are part of the plan.
  refuse({ ceilings: { requestsPerRun }, sent: { others: 9, own: 10 } });
});

test('rates and requests of workloads that run at the same time add up', () => {
  const beside = [{ name: 'second' }, { name: 'third' }];
  const ceilings = { requestsPerSecond: 3000, requestsPerRun: 3 * PLANNED };
  refuse({ beside, ceilings });
  for (const [ceiling, planned] of [
    ['requestsPerSecond', 3000],
    ['requestsPerRun', 3 * PLANNED],
  ] as const) {
    const { message, code } = exceeded(ceiling, planned, planned - 1);
    assert.throws(() => refuse({ beside, ceilings: { ...ceilings, [ceiling]: planned - 1 } }), {
      code,
      message: message.replace('workload test', 'workloads test, second, third'),
    });
  }
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
  const requestsPerRun = PLANNED + 30 + 3 * 2;
  refuse({ lines, ceilings: { requestsPerRun } });
  assert.throws(
    () => refuse({ lines, ceilings: { requestsPerRun: requestsPerRun - 1 } }),
    exceeded('requestsPerRun', requestsPerRun, requestsPerRun - 1),
  );
  // Once it is complete, what it has sent counts.
  const complete = [...lines, workloadOf({ state: 'complete', planned })];
  refuse({ lines: complete, ceilings: { requestsPerRun: PLANNED + 2 } });
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
  const target = REAL_MODEL;
  refuse({ lines, target, ceilings: { requestsPerRun, paidModelCalls } });
  assert.throws(
    () =>
      refuse({ lines, target, ceilings: { requestsPerRun: requestsPerRun - 1, paidModelCalls } }),
    exceeded('requestsPerRun', requestsPerRun, requestsPerRun - 1),
  );
  assert.throws(
    () =>
      refuse({ lines, target, ceilings: { requestsPerRun, paidModelCalls: paidModelCalls - 1 } }),
    exceeded('paidModelCalls', paidModelCalls, paidModelCalls - 1),
  );
});

test('a trial of a foreign session costs three requests', () => {
  const workload = { requests: { foreignSession: 10 }, warmUpEach: 0, ratePerSecond: 100 };
  const requestsPerRun = 3 * 10 + 1;
  refuse({ workload, ceilings: { requestsPerRun, requestsPerSecond: 300 } });
  assert.throws(
    () => refuse({ workload, ceilings: { requestsPerRun: requestsPerRun - 1 } }),
    exceeded('requestsPerRun', requestsPerRun, requestsPerRun - 1),
  );
  assert.throws(
    () => refuse({ workload, ceilings: { requestsPerSecond: 299 } }),
    exceeded('requestsPerSecond', 300, 299),
  );
  const sent = [requestOf(0, { operation: 'foreignSession' })];
  refuse({ lines: sent, ceilings: { requestsPerRun: PLANNED + 3 } });
  assert.throws(
    () => refuse({ lines: sent, ceilings: { requestsPerRun: PLANNED + 2 } }),
    exceeded('requestsPerRun', PLANNED + 3, PLANNED + 2),
  );
});

test('no workload costs nothing', () => {
  using folder = temporaryFolder();
  const context = runContextOf({ recordFile: path.join(folder.path, 'measurements.ndjson') });
  refuseBeyondCeilings([], context, new RecordWriter(context));
});

test('a rate or a duration above its ceiling is refused', () => {
  assert.throws(
    () => refuse({ ceilings: { requestsPerSecond: 999 } }),
    exceeded('requestsPerSecond', 1000, 999),
  );
  assert.throws(() => refuse({ workload: { ratePerSecond: 0.5 } }), {
    code: 'CEILING_EXCEEDED',
    message: /ceilings → durationSeconds$/m,
  });
});

test('calls of a real model count towards their ceiling', () => {
  const PAID = 2 * (PLANNED - NOOPS);
  const target = REAL_MODEL;
  assert.throws(() => refuse({ target }), exceeded('paidModelCalls', PAID, 0));
  refuse({ target, ceilings: { paidModelCalls: PAID } });
  refuse({ workload: { requests: {} }, target });
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
