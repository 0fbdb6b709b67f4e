import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { loadLineOf, processLineOf, stepLineOf, tableOf } from '../testing/loadOf.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { loadSummarySchema, resultsOfProcesses, summarizeLoad } from './loadSummary.ts';

const sustained = { ...latencyP95, workload: 'sustained', objective: 200 };
const capacity = {
  ...latencyP95,
  workload: 'capacity',
  metric: METRICS.rate,
  unit: 'requests/s',
  keptBelowMs: 200,
} as const;

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

test('of any other load the whole is in doubt, by the strictest of its own objectives', () => {
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

test('processes are told at each rate by what is known of them: CPU over time, the greatest of all else', () => {
  const results = resultsOfProcesses([
    processLineOf({ process: 'harness', ratePerSecond: 40 }),
    processLineOf({ process: 'target', ratePerSecond: 40 }),
    processLineOf({ process: 'model', ratePerSecond: 20, heapUsedBytes: null }),
    processLineOf({ durationMs: 1000, cpuShare: 0.9, residentBytes: 5, eventLoopDelayP99Ms: 2 }),
    processLineOf({ durationMs: 3000, cpuShare: 0.1, residentBytes: 7, eventLoopDelayP99Ms: null }),
    processLineOf({ durationMs: 9000, cpuShare: null, residentBytes: null, heapUsedBytes: null }),
  ]);
  assert.deepEqual(
    results.map(({ process, ratePerSecond }) => [process, ratePerSecond]),
    [
      ['target', null],
      ['model', 20],
      ['target', 40],
      ['harness', 40],
    ],
  );
  const [target, model] = results;
  assert.ok(Math.abs((target?.cpuShare ?? 0) - 0.3) < 1e-12);
  assert.deepEqual(
    [target?.residentBytes, target?.eventLoopDelayP99Ms, model?.heapUsedBytes],
    [7, 12, null],
  );
});
