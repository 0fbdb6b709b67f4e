import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  failedWith,
  type LoadRequestAt,
  loadLineOf,
  NEVER_SENT,
  processLineOf,
  stepLineOf,
  tableOf,
} from '../core/testing/loadOf.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { STARTED_AT_MS } from '../core/testing/recordOf.ts';
import {
  type LoadResult,
  loadResultSchema,
  loadSummarySchema,
} from '../core/verdict/loadSummary.ts';
import { capacity as capacityOf60 } from './charts/testing/judged.ts';
import { summarizeLoad, summarizeRequests } from './summarizeLoad.ts';

function resultOf(...lines: Parameters<typeof tableOf>): LoadResult {
  const result = summarizeRequests(tableOf(...lines));
  assert.ok(result !== null);
  assert.deepEqual(loadResultSchema.parse(JSON.parse(JSON.stringify(result))), result);
  return result;
}

const many = (n: number, requestAt: (at: number) => LoadRequestAt): LoadRequestAt[] =>
  Array.from({ length: n }, (_, at) => requestAt(at));

test('response time counts from the intended start, service time from the sending, and own time leaves out the model', () => {
  const { n, late, response, service, own } = resultOf(
    loadLineOf(many(100, (at) => ({ lateMs: at, serviceMs: 100, modelMs: 90 }))),
  );
  assert.equal(n, 100);
  assert.deepEqual(late, { n: 100, p50Ms: 49, p95Ms: 94, p99Ms: 98, maxMs: 99 });
  assert.deepEqual(response, { n: 100, p50Ms: 149, p95Ms: 194, p99Ms: 198, maxMs: 199 });
  assert.deepEqual(service, { n: 100, p50Ms: 100, p95Ms: 100, p99Ms: 100, maxMs: 100 });
  assert.deepEqual(own, { n: 100, p50Ms: 10, p95Ms: 10, p99Ms: 10, maxMs: 10 });
});

test('the offered rate is that of the schedule, and the achieved rate that of the answers', () => {
  const at100 = resultOf(loadLineOf(many(101, () => ({ lateMs: 0, serviceMs: 250 }))));
  assert.deepEqual([at100.seconds, at100.offeredPerSecond], [1, 100]);
  assert.equal(at100.achievedPerSecond, 101 / 1.25);
  const halfSent = resultOf(loadLineOf(many(101, (at) => (at % 2 === 0 ? {} : NEVER_SENT))));
  assert.equal(halfSent.offeredPerSecond, 100);
  assert.ok(Math.abs((halfSent.achievedPerSecond ?? 0) - 51 / 1.080_25) < 1e-9);
});

test('a pause between two spans does not count as time', () => {
  const requests = many(101, () => ({}));
  const later = { fromMs: STARTED_AT_MS + 60_000, scope: '00000001' };
  const { n, seconds, offeredPerSecond } = resultOf(
    loadLineOf(requests),
    loadLineOf(requests, later),
  );
  assert.deepEqual([n, seconds, offeredPerSecond], [202, 2, 100]);
});

test('an unknown figure is null, and never zero', () => {
  const unknown = { modelMs: null, connectionReused: null, isolated: null };
  const single = resultOf(loadLineOf([unknown]));
  assert.deepEqual(
    [single.own, single.connections, single.seconds, single.offeredPerSecond],
    [null, null, null, null],
  );
  assert.deepEqual(single.isolation, { checked: 0, foreign: 0 });
  const nothing = resultOf(loadLineOf([NEVER_SENT, NEVER_SENT]));
  assert.deepEqual([nothing.late, nothing.response, nothing.service], [null, null, null]);
  assert.deepEqual(nothing.operations, [{ name: 'classify', n: 2, failed: 2, response: null }]);
  assert.equal(nothing.achievedPerSecond, 0);
  assert.equal(summarizeRequests(tableOf()), null);
  assert.equal(summarizeRequests(tableOf(loadLineOf([{}], { warmUp: true }))), null);
});

test('own time is known only for requests whose time of the model is known', () => {
  const { own, service } = resultOf(
    loadLineOf([{ modelMs: null }, { modelMs: 70 }, { modelMs: 81 }]),
  );
  assert.deepEqual([own?.n, own?.p50Ms, own?.maxMs, service?.n], [2, -1, 10, 3]);
});

test('failed requests are counted by kind, those never sent included, and left out of all times', () => {
  const { n, failed, neverSent, failures, otherFailures, response, late } = resultOf(
    loadLineOf([
      failedWith('status 500', { serviceMs: 9000 }),
      failedWith('time-out', { serviceMs: 9000 }),
      failedWith('status 500', { serviceMs: 9000 }),
      NEVER_SENT,
      { serviceMs: 80, lateMs: 0 },
    ]),
  );
  assert.deepEqual([n, failed, neverSent, otherFailures], [5, 4, 1, 0]);
  assert.deepEqual(failures, [
    { failure: 'status 500', n: 2 },
    { failure: 'time-out', n: 1 },
    { failure: 'never sent: 512 answers were out', n: 1 },
  ]);
  assert.deepEqual([response?.n, response?.maxMs, late?.n], [1, 80, 4]);
});

test('failures of many kinds are all counted, but not all listed', () => {
  const { failures, otherFailures, failed } = resultOf(
    loadLineOf(many(50, (at) => failedWith(`oddity ${at % 25}`))),
  );
  assert.deepEqual([failures.length, otherFailures, failed], [10, 30, 50]);
});

test('the warm-up is left out of the figures, and counted', () => {
  const { n, warmUp, response } = resultOf(
    loadLineOf([{ serviceMs: 9000 }, { serviceMs: 9000 }], { warmUp: true }),
    loadLineOf([{ lateMs: 0, serviceMs: 80 }]),
  );
  assert.deepEqual([n, warmUp, response?.maxMs], [1, 2, 80]);
});

test('opened connections are counted among requests that report them, foreign answers among those checked', () => {
  const { connections, isolation } = resultOf(
    loadLineOf([
      { connectionReused: false },
      { connectionReused: true, isolated: false },
      { connectionReused: null, isolated: null },
    ]),
  );
  assert.deepEqual(connections, { opened: 1, n: 2 });
  assert.deepEqual(isolation, { checked: 2, foreign: 1 });
});

test('operations are summed up by name, tenants from the slowest on, those without any answer first', () => {
  const { operations, tenants } = resultOf(
    loadLineOf(
      many(240, (at) => ({
        operation: at % 3 === 0 ? 'chat' : 'classify',
        tenant: `tenant-${String(at % 12).padStart(2, '0')}`,
        lateMs: 0,
        serviceMs: 100 + (at % 12),
        ...(at % 12 === 5 ? failedWith('status 500') : {}),
      })),
    ),
  );
  assert.deepEqual(
    operations.map(({ name, n, failed }) => [name, n, failed]),
    [
      ['chat', 80, 0],
      ['classify', 160, 20],
    ],
  );
  assert.equal(tenants.count, 12);
  assert.deepEqual(
    tenants.slowest.map(({ name }) => Number(name.slice(-2))),
    [5, 11, 10, 9, 8, 7, 6, 4, 3, 2],
  );
  assert.equal(tenants.slowest[1]?.response?.p95Ms, 111);
});

test('a result is the same however its requests are cut into lines', () => {
  const requests = many(300, (at) => ({
    dueMs: at * 10,
    serviceMs: 50 + ((at * 7) % 100),
    tenant: `tenant-${at % 3}`,
    operation: at % 2 === 0 ? 'chat' : 'classify',
    ...(at % 40 === 0 ? failedWith(`status ${500 + (at % 3)}`) : {}),
  }));
  const whole = resultOf(loadLineOf(requests));
  const cut = [0, 37, 100, 299, 300].map((from, place, all) =>
    requests.slice(from, all[place + 1]),
  );
  assert.deepEqual(resultOf(...cut.map((part) => loadLineOf(part))), whole);
});

const sustained = { ...latencyP95, workload: 'sustained', objective: 200 };
const capacity = { ...capacityOf60, keptBelowMs: 200 };

const requests = (n: number, lateMs = 0.25) => Array.from({ length: n }, () => ({ lateMs }));

test('a search is summed up by its steps, in the order of their rates, each with its own doubt', () => {
  const table = tableOf(
    stepLineOf(20, requests(40)),
    stepLineOf(80, requests(160)),
    stepLineOf(40, requests(80, 30)),
    stepLineOf(50, requests(80), { warmUp: true }),
  );
  const busy = { workload: 'capacity', process: 'model', cpuShare: 0.97 } as const;
  const processes = [processLineOf({ ...busy, ratePerSecond: 80 }), processLineOf()];
  const summary = summarizeLoad(table, processes, [capacity, sustained]);
  assert.ok(summary !== null);
  assert.deepEqual(loadSummarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  assert.equal(summary.result.n, 280);
  assert.equal(summary.doubt, null);
  assert.deepEqual(
    summary.steps.map(({ step, n, doubt }) => [step.ratePerSecond, n, doubt?.slice(0, 30)]),
    [
      [20, 40, undefined],
      [40, 80, 'the load was not offered as sc'],
      [80, 160, 'the AI mock used 97 % of a cor'],
    ],
  );
  assert.deepEqual(
    summary.processes.map(({ process, ratePerSecond }) => [process, ratePerSecond]),
    [['model', 80]],
  );
});

test('any other load is in doubt as a whole, by the strictest of its own objectives', () => {
  const table = tableOf(loadLineOf(requests(100, 15)));
  const doubtBy = (...objectives: (typeof sustained)[]) =>
    summarizeLoad(table, [], objectives)?.doubt;
  assert.equal(doubtBy(sustained), null);
  assert.match(
    doubtBy(sustained, { ...sustained, objective: 100 }) ?? '',
    /late by 15\.0 ms at P99, 10 ms are tolerated$/,
  );
  assert.equal(doubtBy({ ...sustained, workload: 'peak', objective: 100 }), null);
  assert.equal(summarizeLoad(tableOf(), [], [sustained]), null);
});
