import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failedWith, loadLineOf, processLineOf, tableOf } from '../../core/testing/loadOf.ts';
import { noopOf, recordOf, requestOf, STARTED_AT_MS } from '../../core/testing/recordOf.ts';
import { assertTexts, svgTexts } from '../charts/testing/judged.ts';
import { summaryOf } from '../testing/summaryOf.ts';
import { latencyChart, pausesIn, tookMs } from './latencyChart.ts';
import { countByTime, loadChart } from './loadChart.ts';

const REQUESTS = Array.from({ length: 40 }, (_, at) =>
  requestOf(at, {
    values: { latencyMs: 300 + at },
    ...(at === 7 ? { failure: 'status 500', values: { endedMs: 20 } } : {}),
  }),
);

test('measurements stand at their times, with failures and pauses said in words', () => {
  const pause = { fromMs: STARTED_AT_MS + 500, durationMs: 900 };
  const svg = latencyChart('classify', REQUESTS, [
    { ...pause, whose: 'target' },
    { ...pause, whose: 'harness' },
    { ...pause, fromMs: STARTED_AT_MS + 60_000, whose: 'harness' },
  ]);
  assertTexts(svgTexts(svg ?? ''), [
    'classify',
    '39 answered  ·  1 failed (red triangles)  ·  1 stall of the target (red bands)  ·  1 pause of the harness (grey bands)',
  ]);
  assert.equal(latencyChart('one', REQUESTS.slice(0, 1), []), null);
  assert.equal(
    latencyChart('none', [requestOf(0, { values: {} }), requestOf(1, { values: {} })], []),
    null,
  );
});

test('a measurement took until its answer was whole, else until it ended', () => {
  const took = (values: object) => tookMs(requestOf(0, { values }));
  assert.equal(took({ latencyMs: 100, totalMs: 300, endedMs: 301 }), 300);
  assert.equal(took({ endedMs: 20 }), 20);
  assert.equal(took({}), null);
});

test('pauses belong to a workload, or to all', () => {
  const summary = summaryOf(recordOf([], { noops: [noopOf(1)] }));
  summary.run.stalls = [
    { workload: 'a', startedAt: '2027-01-15T08:00:00.000Z', durationMs: 2000, waiting: 3 },
  ];
  const disturbances = [{ workload: 'b', fromMs: STARTED_AT_MS, durationMs: 60 }];
  const whose = (workload: string | null) =>
    pausesIn(workload, summary, disturbances).map((one) => one.whose);
  assert.deepEqual(
    [whose('a'), whose('b'), whose('c'), whose(null)],
    [['target'], ['harness'], [], ['target', 'harness']],
  );
});

const PROCESSES = [
  processLineOf({ atMs: STARTED_AT_MS + 4000, durationMs: 4000 }),
  processLineOf({ process: 'harness', cpuShare: 0.1 }),
  processLineOf({ workload: 'peak', process: 'model' }),
];
const LOAD = tableOf(
  loadLineOf(
    Array.from({ length: 401 }, (_, at) => ({
      serviceMs: at < 200 ? 80 : 1080,
      ...(at >= 100 && at < 110 ? failedWith('status 500') : {}),
    })),
  ),
);

test('a load counts what is due, answered and failed in each whole second', () => {
  const { seconds, bins } = countByTime(LOAD);
  assert.equal(seconds, 1);
  assert.deepEqual(
    bins.map(({ offered, achieved, failed }) => [offered, achieved, failed]),
    [
      [100, 92, 0],
      [100, 90, 10],
      [100, 8, 0],
      [100, 92, 0],
      [1, 100, 0],
    ],
  );
  assert.equal(bins[4]?.times.values[0], 1080.25);
  assertTexts(svgTexts(loadChart(LOAD, PROCESSES) ?? ''), [
    'offered',
    'achieved',
    'failed',
    'P50',
    'P95',
    'max',
    'CPU of target',
    'CPU of harness',
  ]);
  assert.equal(loadChart(tableOf(loadLineOf([{}])), []), null);
});
