import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExitLine } from '../record/exitLine.ts';
import { loadLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { recordOf, requestOf, STARTED_AT_MS, workloadOf } from '../testing/recordOf.ts';
import { beforeMockWasLost } from './exits.ts';
import { judgeRun } from './judgeRun.ts';

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

test('a target whose process ends fails the run, named with the moment', () => {
  const { verdict, violations } = judgeRun(recordWith(exitOf('target')), SELECTED);
  assert.equal(verdict, 'fail');
  assert.match(
    violations.join(),
    /The process of the target ended at \d\d:\d\d:\d\d UTC \(SIGKILL\)/,
  );
});

test('what was not complete when the AI mock was lost is not counted, and the run says so', () => {
  const { verdict, violations, cuts, judgements } = judgeRun(
    recordWith(exitOf('aiMock')),
    SELECTED,
  );
  assert.deepEqual([verdict, violations], ['pass', []]);
  assert.equal(judgements[0]?.n, 100);
  assert.match(cuts.join(), /AI mock ended at .* \(SIGKILL\): what was not complete by then/);
});

test('an objective that has nothing left then was not measured', () => {
  const { judgements, notMeasured } = judgeRun(
    { ...recordWith(exitOf('aiMock')), workloads: [] },
    SELECTED,
  );
  assert.deepEqual(judgements, []);
  assert.match(notMeasured[0]?.reason ?? '', /AI mock ended/);
});

test('the same of a load', () => {
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
    assert.equal(beforeMockWasLost(record).loads.length, count);
  }
});

test('without an exit the record stays as it is', () => {
  const record = recordWith();
  assert.equal(beforeMockWasLost(record), record);
});
