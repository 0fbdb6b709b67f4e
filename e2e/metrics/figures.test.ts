import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, latencyP95 } from '../core/testing/objectives.ts';
import { memoryOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { figuresOf } from './figures.ts';
import { METRICS } from './metrics.ts';

const latencies = [310, 320, 330, 1400];
const requests = latencies.map((latencyMs, at) => requestOf(at, { values: { latencyMs } }));

test('all objectives of an operation and metric share one figure, and a share of events has none', () => {
  const p50 = { ...latencyP95, id: 'classify.latency.p50', quantile: 0.5, allowedShare: 0.5 };
  assert.deepEqual(figuresOf(recordOf([p50, latencyP95, availability], { requests })), [
    { id: 'classify.latency', unit: 'ms', n: 4, median: 325 },
  ]);
});

test('the figure of growth is the level that grows', () => {
  const growth = {
    ...latencyP95,
    ...{ id: 'pageHeap.growth', operation: 'pageHeap', workload: 'heap', metric: METRICS.growth },
    ...{ unit: 'B/use', quantile: null, allowedShare: 0 },
  };
  const of = { operation: 'pageHeap', workload: 'heap' };
  const samples = Array.from({ length: 40 }, (_, at) =>
    memoryOf(at, { ...of, warmUp: at < 20, values: { usedBytes: 1e6 + at } }),
  );
  assert.deepEqual(figuresOf(recordOf([growth], { samples })), [
    { id: 'pageHeap.growth', unit: 'B', n: 20, median: 1e6 + 29.5 },
  ]);
});

test('what was not measured has no figure', () => {
  assert.deepEqual(figuresOf(recordOf([latencyP95])), []);
});
