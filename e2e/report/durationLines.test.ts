import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationLines } from './durationLines.ts';

const lasting = { fromMs: 6000, requests: 1500 };

test('a line for each workload and each kind of rest; what ran side by side is marked', () => {
  const lines = durationLines({
    durationMs: 100_000,
    workloads: [
      {
        ...lasting,
        workload: 'hungModel',
        durationMs: 40_000,
        countedMs: 30_000,
        beside: ['slow'],
      },
      {
        ...lasting,
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
    'Workloads that ran side by side share the time they had in common evenly, as counted.',
  ]);
});

test('where nothing ran side by side, nothing is said of it', () => {
  const lines = durationLines({
    durationMs: 10_000,
    workloads: [{ ...lasting, workload: 'alone', durationMs: 4000, countedMs: 4000, beside: [] }],
    rest: { beforeMs: 6000, betweenMs: 0, afterMs: 0 },
  });
  assert.match(lines.at(-1) ?? '', /^run .* 10\.0 s +100 %$/);
  assert.ok(!lines.join('').includes('beside'));
});
