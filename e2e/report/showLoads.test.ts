import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  failedWith,
  loadLineOf,
  NEVER_SENT,
  processLineOf,
  stepLineOf,
  tableOf,
} from '../core/testing/loadOf.ts';
import { recordOf } from '../core/testing/recordOf.ts';
import { type Summary, summarySchema } from '../core/verdict/runSummary.ts';
import { capacity as capacityOf60 } from './charts/testing/judged.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { terminalReport } from './terminalReport.ts';
import { summaryOf } from './testing/summaryOf.ts';

const capacity = { ...capacityOf60, objective: 30, keptBelowMs: 200 };

function summaryOfLoads(parts: Parameters<typeof recordOf>[1]): Summary {
  const summary = summaryOf(recordOf([capacity], parts));
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  return summary;
}

/** The lines of the loads on the terminal. */
function loadLines(parts: Parameters<typeof recordOf>[1]): string[] {
  const [, shown = ''] = terminalReport(summaryOfLoads(parts), [capacity]).split('\nUnder load:\n');
  const [section = ''] = shown.split('\n\n');
  return section
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(2));
}

/** Four tenants and two operations, 1,001 requests in ten seconds, some of which fail in a target's own words. */
const SUSTAINED = tableOf(
  loadLineOf([{}, {}], { warmUp: true }),
  loadLineOf(
    Array.from({ length: 1001 }, (_, at) => ({
      operation: at % 4 === 0 ? 'chat' : 'classify',
      tenant: `tenant-${at % 5}`,
      lateMs: 0.5,
      serviceMs: 80 + (at % 5),
      connectionReused: at > 3,
      ...(at % 100 === 50 ? failedWith('status 500: | <b>\u001b[31m*no*') : {}),
      ...(at === 7 ? NEVER_SENT : {}),
    })),
  ),
);

const SEARCH = tableOf(
  ...[20, 40, 80].map((rate, at) =>
    stepLineOf(
      rate,
      Array.from({ length: rate * 8 }, () => ({ serviceMs: [80, 120, 900][at] ?? null })),
      { scope: `0000000${at}` },
    ),
  ),
);

const PROCESSES = [
  processLineOf(),
  processLineOf({ process: 'harness', cpuShare: null, heapUsedBytes: 61_000_000 }),
  ...[20, 40, 80].flatMap((ratePerSecond) =>
    (['target', 'model', 'harness'] as const).map((process) =>
      processLineOf({
        workload: 'capacity',
        process,
        ratePerSecond,
        cpuShare: process === 'model' && ratePerSecond === 80 ? 0.95 : ratePerSecond / 200,
      }),
    ),
  ),
];

test('a load shows its rates, times, failures, operations, tenants and processes', () => {
  assert.deepEqual(loadLines({ loads: [SUSTAINED], processes: PROCESSES }), [
    'sustained: open workload model, 100/s',
    '  offered 100.0/s, achieved 98.2/s over 10.0 s: n = 1,001, after 2 to warm up',
    '                     P50      P95      P99      max',
    '  sent late       0.5 ms   0.5 ms   0.5 ms   0.5 ms',
    '  response time  82.5 ms  84.5 ms  84.5 ms  84.5 ms',
    '  service time   82.0 ms  84.0 ms  84.0 ms  84.0 ms',
    '  own time       22.0 ms  24.0 ms  24.0 ms  24.0 ms',
    '  11 failed, 1 of them never sent: 10 × status 500: | <b> [31m*no*, 1 × never sent: 512 answers were out',
    '  operation    n  failed  response P50      P95',
    '  chat       251       0       82.5 ms  84.5 ms',
    '  classify   750      11       82.5 ms  84.5 ms',
    '  tenant, the slowest of 5    n  failed  response P50      P95',
    '  tenant-4                  200       0       84.5 ms  84.5 ms',
    '  tenant-3                  200       0       83.5 ms  83.5 ms',
    '  tenant-2                  200       1       82.5 ms  82.5 ms',
    '  990 answers checked for their tenant, none foreign; 4 connections opened for 1,000 requests',
    '  process  CPU, share of a core  resident     heap  event-loop delay P99',
    '  target                   30 %  120.0 MB  40.0 MB               12.0 ms',
    '  harness               unknown  120.0 MB  61.0 MB               12.0 ms',
  ]);
});

test('a search shows each rate with the CPU of the processes, and the steps that say nothing', () => {
  assert.deepEqual(loadLines({ loads: [SEARCH], processes: PROCESSES }), [
    'capacity: open workload model, in steps of a search for the knee',
    '  rate    n  failed  response P95  own time P50  own time P95  CPU: target  model  harness',
    '  20/s  160       0       80.3 ms       20.0 ms       20.0 ms         10 %   10 %     10 %',
    '  40/s  320       0      120.3 ms       60.0 ms       60.0 ms         20 %   20 %     20 %',
    '  80/s  640       0      900.3 ms      840.0 ms      840.0 ms         40 %   95 %     40 %',
    '  80/s says nothing of the target: the AI mock used 95 % of a core, all that one thread can',
    '  none failed',
    '  1,120 answers checked for their tenant, none foreign; 0 connections opened for 1,120 requests',
  ]);
});

test('a closed model is named as such, and unknown values are shown as unknown', () => {
  const unknown = { modelMs: null, isolated: null, connectionReused: null };
  const closed = loadLineOf([unknown, unknown], { step: { model: 'closed', ratePerSecond: null } });
  const lines = (...tables: Parameters<typeof tableOf>) =>
    loadLines({ loads: [tableOf(...tables)] }).join('\n');
  assert.match(
    lines(closed),
    /^sustained: closed workload model, whose rate follows the answers$/m,
  );
  assert.match(lines(closed), /^ {2}own time +unknown$/m);
  assert.match(lines(closed), /^ {2}no answer checked for its tenant; connections unknown$/m);
  const unsent = lines(loadLineOf([NEVER_SENT]));
  assert.match(unsent, /^ {2}offered unknown, achieved unknown: n = 1, after 0 to warm up$/m);
  assert.match(unsent, /^ {2}sent late +nothing was sent$/m);
  assert.match(unsent, /^ {2}response time +no answer$/m);
  const late = lines(loadLineOf([{ lateMs: 400 }], { workload: 'capacity' }));
  assert.match(late, /^ {2}says nothing of the target: the load was not offered as scheduled/m);
});

test('a load with warm-up requests only is not shown', () => {
  assert.deepEqual(
    summaryOfLoads({ loads: [tableOf(loadLineOf([{}], { warmUp: true }))] }).loads,
    [],
  );
});

test('both reports show the loads, with foreign text escaped in Markdown', () => {
  const summary = summaryOfLoads({ loads: [SUSTAINED, SEARCH], processes: PROCESSES });
  assert.match(terminalReport(summary, [capacity]), /\nUnder load:\n {2}sustained: open/);
  const markdown = summaryMarkdown(summary, [capacity]);
  for (const part of [
    /<summary>Under load</,
    /^#### sustained\\: open workload model, 100\\\/s$/m,
    /^- offered 100\.0\\\/s, achieved 98\.2\\\/s over 10\.0 s\\: n = 1,001, after 2 to warm up$/m,
    /^\| response time \| 82\.5 ms \| 84\.5 ms \| 84\.5 ms \| 84\.5 ms \|$/m,
    /^- 11 failed, 1 of them never sent\\: 10 × status 500\\: \\\| \\<b\\> \\\[31m\\\*no\\\*, /m,
    /^\| chat \| 251 \| 0 \| 82\.5 ms \| 84\.5 ms \|$/m,
    /^\| tenant-4 \| 200 \| 0 \| 84\.5 ms \| 84\.5 ms \|$/m,
    /^\| harness \| unknown \| 120\.0 MB \| 61\.0 MB \| 12\.0 ms \|$/m,
    /^\| 80\\\/s \| 640 \| 0 \| 900\.3 ms \| 840\.0 ms \| 840\.0 ms \| 40 % \| 95 % \| 40 % \|$/m,
    /^- 80\\\/s says nothing of the target\\: the AI mock used 95 % of a core/m,
  ]) {
    assert.match(markdown, part);
  }
});
