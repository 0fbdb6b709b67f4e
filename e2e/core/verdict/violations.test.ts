import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS } from '../../metrics/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import type { RequestLine } from '../record/measurementLine.ts';
import type { ExitLine } from '../record/recordLine.ts';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { recordOf, requestOf, STARTED_AT_MS, workloadOf } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';
import {
  describeForeignAnswers,
  describeOtherIds,
  describeUnansweredTargets,
  dropWorkloadsAfterMockExit,
} from './violations.ts';

const isolation: Objective = {
  ...availability,
  id: 'tenants.isolation',
  metric: METRICS.isolation,
  objective: 0,
  allowedShare: 0,
};
const UNDER_LOAD: Objective = { ...isolation, id: 'sustained.isolation', workload: 'sustained' };
const FOREIGN = requestOf(7, { checks: { isolation: false } });
const load = (isolated: boolean, parts = {}) =>
  tableOf(loadLineOf([{}, { isolated }, {}], { workload: 'sustained', ...parts }));

test('an answer with data of another tenant that no objective judges is reported', () => {
  const record = recordOf([], { requests: [FOREIGN, requestOf(8)], loads: [load(false)] });
  assert.deepEqual(describeForeignAnswers([latencyP95], record), [
    '1 answer of baseline held the data of another tenant, and no objective that was judged counts it',
    '1 answer of sustained held the data of another tenant, and no objective that was judged counts it',
  ]);
  assert.deepEqual(describeForeignAnswers([], recordOf([], { loads: [load(true)] })), []);
});

test('an answer that an isolation objective judges is not reported a second time', () => {
  const all = { ...isolation, workload: null };
  assert.deepEqual(describeForeignAnswers([all], recordOf([], { requests: [FOREIGN] })), []);
  for (const parts of [{ warmUp: true }, { fault: 'slowModel' }]) {
    const record = recordOf([], { requests: [{ ...FOREIGN, ...parts }] });
    assert.equal(describeForeignAnswers([all], record).length, 1, JSON.stringify(parts));
  }
  assert.deepEqual(
    describeForeignAnswers([UNDER_LOAD], recordOf([], { loads: [load(false)] })),
    [],
  );
  // An objective over all workloads counts no load.
  assert.equal(describeForeignAnswers([all], recordOf([], { loads: [load(false)] })).length, 1);
  const warmUp = recordOf([], { loads: [load(false, { warmUp: true })] });
  assert.equal(describeForeignAnswers([UNDER_LOAD], warmUp).length, 1);
});

test('a run with such an answer fails, though every objective is met', () => {
  const requests = Array.from({ length: 100 }, (_, at) => requestOf(at));
  const clean = recordOf([latencyP95], { requests });
  assert.equal(judgeRun(clean, deriveEvents, { selected: [latencyP95.id] }).verdict, 'pass');
  const record = { ...clean, loads: [load(false)] };
  const { verdict, violations, judgements } = judgeRun(record, deriveEvents, {
    selected: [latencyP95.id],
  });
  assert.deepEqual([verdict, violations.length, judgements[0]?.verdict], ['fail', 1, 'pass']);
});

const FAILED = { status: 503, failure: 'status 503' };

/** 90 answers, then `failures` at `everyMs`. */
function requests(failures: number, everyMs: number, parts: Partial<RequestLine> = {}) {
  const answered = Array.from({ length: 90 }, (_, at) => requestOf(at, parts));
  const failed = Array.from({ length: failures }, (_, at) =>
    requestOf(90 + at, {
      ...FAILED,
      sentAtMs: STARTED_AT_MS + 10_000 + at * everyMs,
      values: { endedMs: 5 },
      ...parts,
    }),
  );
  return [...answered, ...failed];
}

test('a target that is down is reported with the time of its last answer', () => {
  const record = recordOf([], { requests: requests(116, 140) });
  assert.deepEqual(describeUnansweredTargets(record), [
    'The target has answered nothing since 2027-01-15T08:00:10Z: the last 116 requests of baseline failed, over 16 s; the last: status 503',
  ]);
});

test('a target is not down after few or brief failures, an answer after them, or failures under a fault', () => {
  for (const [what, lines] of [
    ['99 failures', requests(99, 200)],
    ['ten seconds', requests(200, 50)],
    ['an answer', [...requests(116, 140), requestOf(999, { sentAtMs: STARTED_AT_MS + 60_000 })]],
    ['a fault', requests(116, 140, { fault: 'brokenModel' })],
  ] as const) {
    assert.deepEqual(describeUnansweredTargets(recordOf([], { requests: [...lines] })), [], what);
  }
});

test('an answer counts by the time of its end', () => {
  const burst = requests(116, 140).map((line, at) =>
    at < 90 || at >= 190
      ? line
      : { ...line, sentAtMs: STARTED_AT_MS + 10_000 + at / 10, values: { endedMs: 50 } },
  );
  const answered = requestOf(999, { sentAtMs: STARTED_AT_MS + 10_018, values: { endedMs: 1 } });
  assert.equal(
    describeUnansweredTargets(recordOf([], { requests: [...burst, answered] })).length,
    1,
  );
});

test('a target that is down at the end of a load is reported', () => {
  const load = (failures: number) =>
    tableOf(
      loadLineOf(
        Array.from({ length: 1000 + failures }, (_, at) =>
          at < 1000 ? {} : { failure: 'status 503' },
        ),
      ),
    );
  assert.deepEqual(describeUnansweredTargets(recordOf([], { loads: [load(1400)] })), []);
  assert.deepEqual(describeUnansweredTargets(recordOf([], { loads: [load(1600)] })), [
    'The target has answered nothing since 2027-01-15T08:00:10Z: the last 1600 requests of sustained failed, over 16 s; the last: status 503',
  ]);
});

test('a target that is down fails the run, and objectives are judged by their own events', () => {
  const record = recordOf([latencyP95], { requests: requests(116, 140) });
  const { verdict, violations, judgements } = judgeRun(record, deriveEvents, {
    selected: [latencyP95.id],
  });
  assert.equal(verdict, 'fail');
  assert.equal(violations.length, 1);
  assert.equal(judgements[0]?.verdict, 'pass');
});

const LOST_AT_MS = STARTED_AT_MS + 50_000;
const exitOf = (process: ExitLine['process']): ExitLine => ({
  type: 'exit',
  process,
  atMs: LOST_AT_MS,
  status: 'SIGKILL',
});

/** 100 good answers of a workload that was complete before the exit, and 100 failures of one that was not. */
const REQUESTS = Array.from({ length: 200 }, (_, at) =>
  at < 100
    ? requestOf(at)
    : requestOf(at, {
        workload: 'tenants',
        sentAtMs: LOST_AT_MS + at,
        status: null,
        failure: 'ECONNREFUSED',
        values: { endedMs: 1 },
      }),
);
const COMPLETE = workloadOf({ workload: 'baseline', state: 'complete', atMs: LOST_AT_MS - 1 });
const recordWith = (...exits: ExitLine[]) => ({
  ...recordOf([latencyP95], { requests: REQUESTS, workloads: [COMPLETE] }),
  exits,
});
const SELECTED = { selected: [latencyP95.id] };

test('a target whose process ends fails the run, with the time', () => {
  const { verdict, violations } = judgeRun(recordWith(exitOf('target')), deriveEvents, SELECTED);
  assert.equal(verdict, 'fail');
  assert.match(
    violations.join(),
    /The process of the target ended at \d\d:\d\d:\d\d UTC \(SIGKILL\)/,
  );
});

test('workloads that were not complete when the AI mock ended are not counted', () => {
  const { verdict, violations, harnessExits, judgements } = judgeRun(
    recordWith(exitOf('aiMock')),
    deriveEvents,
    SELECTED,
  );
  assert.deepEqual([verdict, violations], ['pass', []]);
  assert.equal(judgements[0]?.n, 100);
  assert.match(
    harnessExits.join(),
    /AI mock ended at .* \(SIGKILL\): what was not complete by then/,
  );
});

test('an objective without data because the AI mock ended is not measured', () => {
  const { judgements, notMeasured } = judgeRun(
    { ...recordWith(exitOf('aiMock')), workloads: [] },
    deriveEvents,
    SELECTED,
  );
  assert.deepEqual(judgements, []);
  assert.match(notMeasured[0]?.reason ?? '', /AI mock ended/);
});

test('a load that was not complete when the AI mock ended is not counted', () => {
  const loads = [tableOf(loadLineOf([{}, {}]))];
  const line = { workload: 'sustained', state: 'complete' as const, atMs: LOST_AT_MS - 1 };
  for (const [workloads, count] of [
    [[workloadOf(line)], 1],
    [[workloadOf({ ...line, atMs: LOST_AT_MS + 1 })], 0],
  ] as const) {
    const record = {
      ...recordOf([], { loads, workloads: [...workloads] }),
      exits: [exitOf('aiMock')],
    };
    assert.equal(dropWorkloadsAfterMockExit(record).loads.length, count);
  }
});

test('without an exit the record does not change', () => {
  const record = recordWith();
  assert.equal(dropWorkloadsAfterMockExit(record), record);
});

const OTHER = { header: 'Root=1-67', body: 'Root=1-67' };

test('other request ids are reported once, with their number and an example, and fail nothing', () => {
  const requests = Array.from({ length: 80 }, (_, at) =>
    requestOf(at, {
      checks: { isolation: true },
      ...(at < 3 ? {} : { answeredIds: OTHER }),
    }),
  );
  const isolation = {
    ...availability,
    id: 'tenants.isolation',
    metric: METRICS.isolation,
  } as const;
  const never = { ...isolation, objective: 0, allowedShare: 0, sampleBudget: 59 };
  const record = recordOf([latencyP95, never], { requests });
  const { verdict, violations, findings } = judgeRun(record, deriveEvents, {
    selected: [latencyP95.id, never.id],
  });
  assert.deepEqual([verdict, violations], ['pass', []]);
  assert.deepEqual(findings, [
    'request ids are not carried through: 77 of 80 requests (the first: sent request-3, got Root=1-67 in the header and in the body); these answers cannot be tied to their requests by id',
  ]);
  assert.deepEqual(
    judgeRun(recordOf([latencyP95]), deriveEvents, { selected: [latencyP95.id] }).findings,
    [],
  );
});

test('different ids in header and body are both shown, without control characters', () => {
  const found = (header: string | null, body: string | null) =>
    describeOtherIds({ requests: [requestOf(0, { answeredIds: { header, body } })], loads: [] });
  assert.match(found(null, 'request-0') ?? '', /got none in the header, request-0 in the body\)/);
  assert.match(found('\u001b[31mred', 'b') ?? '', /got \[31mred in the header, b in the body\)/);
});

test('other request ids under load are counted too', () => {
  const otherIds = { n: 2, sent: 'request-1', answered: OTHER };
  const line = loadLineOf([{}, {}, {}], { otherIds });
  assert.match(
    describeOtherIds({ requests: [], loads: [tableOf(line)] }) ?? '',
    /: 2 of 3 requests \(the first: sent request-1, got Root=1-67 /,
  );
});
