import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { latencyP95, modelCallsPerRequest } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { METRICS } from '../metrics/metrics.ts';
import { buildSummary } from './buildSummary.ts';
import { objectiveRows } from './objectiveRows.ts';
import { escapeMarkdown, summaryMarkdown } from './summaryMarkdown.ts';
import { durationLines, terminalReport } from './terminalReport.ts';

const [JUDGED] = judgeRun(
  recordOf([latencyP95], { requests: [requestOf(0), requestOf(1, { failure: 'status 500' })] }),
  deriveEvents,
  { selected: [latencyP95.id] },
).judgements;

/** The row of an objective, with one space between its columns. */
function rowOf(objective: Objective, estimate: number, lower: number): string {
  assert.ok(JUDGED !== undefined);
  const judgement = {
    ...JUDGED,
    verdict: 'pass' as const,
    knownGap: null,
    estimate,
    interval: [lower, null] as [number, null],
  };
  const [, line = ''] = objectiveRows([{ objective, judgement }], (_, text) => text);
  return line.replaceAll(/ +/g, ' ');
}

test('long numbers are rounded, but never to the objective itself', () => {
  const p50 = { ...latencyP95, objective: 1000 };
  const bytes = { ...modelCallsPerRequest, metric: METRICS.weight, unit: 'B' } as const;
  assert.match(rowOf(p50, 26_477.31, 25_014.06), / 26,477 ms \[25,014, open\] < 1,000 ms /);
  assert.match(rowOf(p50, 999.98, 3.14), / 999\.980 ms \[3\.1, open\] < 1,000 ms /);
  assert.match(rowOf(p50, 1000, -0.01), / 1,000 ms \[0, open\] < 1,000 ms /);
  assert.match(
    rowOf({ ...bytes, objective: 60_000_000 }, 24_917_712, 900_000),
    / max 24\.9 MB \[0\.9, open\] ≤ 60 MB /,
  );
  assert.match(
    rowOf({ ...bytes, objective: 150_000 }, 150_004, 0),
    / max 150\.004 kB \[0, open\] ≤ 150 kB /,
  );
  assert.match(
    rowOf({ ...modelCallsPerRequest, objective: 1 }, 1, 1),
    / max 1 call \[1, open\] ≤ 1 call /,
  );
});

test('failed requests are listed, except under a fault, where they are expected', () => {
  assert.match(rowOf(latencyP95, 350, 1), / 1, 1 failed$/);
  assert.match(rowOf({ ...latencyP95, fault: 'brokenModel' }, 350, 1), / < 2,000 ms 1$/);
});

const lasting = { fromMs: 6000, requests: 1500 };

test('each workload and the remaining time have a line; workloads side by side are marked', () => {
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
    'Workloads that run side by side share their common time evenly, as counted.',
  ]);
});

test('without workloads side by side, the table does not mention them', () => {
  const lines = durationLines({
    durationMs: 10_000,
    workloads: [{ ...lasting, workload: 'alone', durationMs: 4000, countedMs: 4000, beside: [] }],
    rest: { beforeMs: 6000, betweenMs: 0, afterMs: 0 },
  });
  assert.match(lines.at(-1) ?? '', /^run .* 10\.0 s +100 %$/);
  assert.ok(!lines.join('').includes('beside'));
});

const OBJECTIVES = [latencyP95];
const openedAtMs = 1_800_000_000_000;
const SECURE = { type: 'connection', openedAtMs, http: '1.1', tls: 'TLSv1.3' } as const;

function summaryOf(parts: Partial<RunRecord>) {
  const record = recordOf(OBJECTIVES, { requests: [requestOf(0)], ...parts });
  const judged = judgeRun(record, deriveEvents, { selected: OBJECTIVES.map(({ id }) => id) });
  return buildSummary(record, judged, { verdict: 'inconclusive', reasons: [] }, 1000);
}

test('the report shows the connections to the API and the encoding of its answers', () => {
  const encoding = { type: 'encoding', metAtMs: openedAtMs, encoding: 'gz\u001b[2J' } as const;
  const summary = summaryOf({ connections: [SECURE, SECURE], encodings: [encoding] });
  const shown = terminalReport(summary, OBJECTIVES);
  const words = 'HTTP/1.1 over TLS, 2 connections';
  assert.ok(
    shown.includes(`\nRequests to the API:\n  ${words}\n  answers came encoded (gz`),
    shown,
  );
  assert.ok(!shown.includes('\u001b[2J'));
  const markdown = summaryMarkdown(summary, OBJECTIVES);
  assert.ok(markdown.includes(`connections: ${escapeMarkdown(words)}`), markdown);
});

test('HTTP/1.1 without TLS is in the Markdown, but not on the terminal', () => {
  const summary = summaryOf({ connections: [{ ...SECURE, tls: null }] });
  assert.doesNotMatch(terminalReport(summary, OBJECTIVES), /Requests to the API/);
  const markdown = summaryMarkdown(summary, OBJECTIVES);
  assert.ok(markdown.includes(escapeMarkdown('HTTP/1.1, 1 connection')), markdown);
});
