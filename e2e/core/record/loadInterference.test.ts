import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { loadLineOf, NEVER_SENT, processLineOf, tableOf } from '../testing/loadOf.ts';
import { availability, latencyP95 } from '../testing/objectives.ts';
import { describeLoadInterference, mostLateMs } from './loadInterference.ts';
import type { LoadTable } from './loadTable.ts';

const late = (...lateMs: (number | null)[]) =>
  tableOf(loadLineOf(lateMs.map((ms) => ({ lateMs: ms }))));

test('sends may be late by a tenth of a time that is judged, and by 100 ms where nothing is timed', () => {
  assert.equal(mostLateMs({ ...latencyP95, objective: 200 }), 20);
  assert.equal(mostLateMs(availability), 100);
  const rate = { metric: METRICS.rate, unit: 'requests/s', objective: 60 } as const;
  assert.equal(mostLateMs({ ...latencyP95, ...rate, keptBelowMs: 500 }), 50);
});

test('sends are late by the P99 of the requests that were sent and are judged', () => {
  const latenessOf = (table: LoadTable) =>
    describeLoadInterference(table, [], 0.5)?.match(/late by ([\d.]+) ms/)?.[1];
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1);
  assert.equal(latenessOf(late(...hundred, null)), '99.0');
  assert.equal(latenessOf(tableOf(loadLineOf([NEVER_SENT]))), undefined);
  const cold = loadLineOf([{ lateMs: 900 }], { warmUp: true });
  assert.equal(latenessOf(tableOf(cold, loadLineOf([{ lateMs: 1 }]))), '1.0');
});

test('a load that was sent too late was interfered with, one that was just in time was not', () => {
  assert.equal(describeLoadInterference(late(20, 20), [], 20), null);
  assert.equal(
    describeLoadInterference(late(20, 20.06), [], 20),
    'the load was not offered as scheduled: sends were late by 20.1 ms at P99, 20 ms are tolerated',
  );
});

test('a harness or an AI mock without CPU to spare interferes with a load, a target does not', () => {
  const interferenceOf = (parts: Parameters<typeof processLineOf>[0]) =>
    describeLoadInterference(late(0), [processLineOf(), processLineOf(parts)], 20);
  assert.match(
    interferenceOf({ process: 'harness', cpuShare: 0.9 }) ?? '',
    /^the harness used 90 % of a/,
  );
  assert.match(
    interferenceOf({ process: 'model', cpuShare: 1.2 }) ?? '',
    /^the AI mock used 120 % of a/,
  );
  assert.equal(interferenceOf({ process: 'target', cpuShare: 1 }), null);
  assert.equal(interferenceOf({ process: 'harness', cpuShare: 0.89 }), null);
  assert.equal(interferenceOf({ process: 'harness', cpuShare: null }), null);
});
