import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadLineOf, tableOf } from '../core/testing/loadOf.ts';
import { recordOf, requestOf, STARTED_AT_MS, workloadOf } from '../core/testing/recordOf.ts';
import { formatDurations, runDurations } from './runDurations.ts';

const lasting = (workload: string, fromS: number, untilS: number | null) => [
  workloadOf({ workload, state: 'started', atMs: STARTED_AT_MS + fromS * 1000 }),
  ...(untilS === null ? [] : [workloadOf({ workload, atMs: STARTED_AT_MS + untilS * 1000 })]),
];
const run = { startedAtMs: STARTED_AT_MS, durationMs: 100_000 };

test('workloads share the time that they have in common, and with the rest it adds up to the run', () => {
  const record = recordOf([], {
    workloads: [
      ...lasting('first', 5, 15),
      ...lasting('long', 20, 60),
      ...lasting('short', 30, 50),
      ...lasting('shorter', 40, 50),
      ...lasting('sustained', 60, 90),
    ],
    requests: [0, 1, 2].map((at) => requestOf(at, { workload: 'first', warmUp: at === 0 })),
    loads: [tableOf(loadLineOf([{}, {}]))],
  });
  const { workloads, rest, durationMs } = runDurations(record, run);
  assert.deepEqual(
    workloads.map((one) => [one.workload, one.fromMs, one.durationMs, one.requests, one.beside]),
    [
      ['first', 5_000, 10_000, 3, []],
      ['long', 20_000, 40_000, 0, ['short', 'shorter']],
      ['short', 30_000, 20_000, 0, ['long', 'shorter']],
      ['shorter', 40_000, 10_000, 0, ['long', 'short']],
      ['sustained', 60_000, 30_000, 2, []],
    ],
  );
  const counted = Object.fromEntries(workloads.map((one) => [one.workload, one.countedMs]));
  // Alone for 20 s, one of two for 10 s, one of three for 10 s.
  assert.ok(Math.abs((counted.long ?? 0) - (20_000 + 5_000 + 10_000 / 3)) < 1e-6);
  assert.ok(Math.abs((counted.shorter ?? 0) - 10_000 / 3) < 1e-6);
  assert.deepEqual(rest, { beforeMs: 5_000, betweenMs: 5_000, afterMs: 10_000 });
  const all = workloads.reduce((sum, { countedMs }) => sum + countedMs, 0);
  assert.ok(Math.abs(all + rest.beforeMs + rest.betweenMs + rest.afterMs - durationMs) < 1e-6);
});

test('a workload that never completed lasts to the end of the run, and a resumed one counts from its first start', () => {
  const record = recordOf([], {
    workloads: [
      ...lasting('broken', 10, null),
      ...lasting('resumed', 1, null),
      ...lasting('resumed', 4, 9),
    ],
  });
  const { workloads, rest } = runDurations(record, run);
  assert.deepEqual(
    workloads.map((one) => [one.workload, one.fromMs, one.durationMs]),
    [
      ['resumed', 1_000, 8_000],
      ['broken', 10_000, 90_000],
    ],
  );
  assert.deepEqual(rest, { beforeMs: 1_000, betweenMs: 1_000, afterMs: 0 });
});

test('the whole of a run that measured nothing counts as set-up', () => {
  const { workloads, rest } = runDurations(recordOf([]), run);
  assert.deepEqual(workloads, []);
  assert.deepEqual(rest, { beforeMs: 100_000, betweenMs: 0, afterMs: 0 });
});

const shown = { fromMs: 6000, requests: 1500 };

test('each workload and the remaining time have a line; workloads side by side are marked', () => {
  const lines = formatDurations({
    durationMs: 100_000,
    workloads: [
      {
        ...shown,
        workload: 'hungModel',
        durationMs: 40_000,
        countedMs: 30_000,
        beside: ['slow'],
      },
      {
        ...shown,
        workload: 'slow',
        durationMs: 20_000,
        countedMs: 10_000,
        beside: ['hungModel'],
      },
    ],
    rest: { beforeMs: 6000, betweenMs: 50_000, afterMs: 4000 },
  });
  assert.deepEqual(lines, [
    '                                           began at    took  counted  of the run  requests',
    'before the first workload (set-up)                             6.0 s         6 %',
    'hungModel                                     6.0 s  40.0 s   30.0 s        30 %     1,500  beside 1 other',
    'slow                                          6.0 s  20.0 s   10.0 s        10 %     1,500  beside 1 other',
    'between workloads (tests, browser starts)                     50.0 s        50 %',
    'after the last workload (tests, report)                        4.0 s         4 %',
    'run                                                          100.0 s       100 %',
    'Workloads that run side by side share their common time evenly, as counted.',
  ]);
});

test('without workloads side by side, the table does not mention them', () => {
  const lines = formatDurations({
    durationMs: 10_000,
    workloads: [{ ...shown, workload: 'alone', durationMs: 4000, countedMs: 4000, beside: [] }],
    rest: { beforeMs: 6000, betweenMs: 0, afterMs: 0 },
  });
  assert.match(lines.at(-1) ?? '', /^run .* 10\.0 s +100 %$/);
  assert.ok(!lines.join('').includes('beside'));
});
