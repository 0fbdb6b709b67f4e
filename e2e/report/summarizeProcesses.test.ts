import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processLineOf } from '../core/testing/loadOf.ts';
import { summarizeProcesses } from './summarizeProcesses.ts';

test('each process has figures at each rate: the mean of its CPU, and the greatest of everything else', () => {
  const results = summarizeProcesses([
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
