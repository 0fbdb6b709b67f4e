import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../core/budget/objective.ts';
import type { ConnectionLine } from '../core/record/recordLine.ts';
import { parseRunRecord, type RunRecord } from '../core/record/runRecord.ts';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../core/testing/objectives.ts';
import {
  modelCallOf,
  noopOf,
  recordOf,
  requestOf,
  runOf,
  workloadOf,
} from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { type Summary, summaryJsonSchema, summarySchema } from '../core/verdict/runSummary.ts';
import { deriveEvents } from '../metrics/deriveEvents.ts';
import { METRICS } from '../metrics/metrics.ts';
import { describeConnections, describeEncodings } from './buildSummary.ts';
import { gapGrowth, refusal, retried } from './charts/testing/faultObjectives.ts';
import { describeVerdict } from './describeSummary.ts';
import { objectiveRows } from './objectiveRows.ts';
import { describeReport } from './reportFiles.ts';
import { escapeMarkdown, summaryMarkdown } from './summaryMarkdown.ts';
import { terminalReport } from './terminalReport.ts';
import { summaryOf } from './testing/summaryOf.ts';

const p50 = {
  ...latencyP95,
  id: 'classify.latency.p50',
  quantile: 0.5,
  allowedShare: 0.5,
  objective: 1000,
};
const OBJECTIVES = [p50, latencyP95, availability, modelCallsPerRequest];

function summaryOfRun() {
  const requests = [
    ...Array.from({ length: 72 }, (_, at) => requestOf(at, { values: { latencyMs: 321 + at } })),
    requestOf(72, { failure: 'status 500', status: 500 }),
    requestOf(73, { operation: 'chat' }),
  ];
  const record = recordOf([...OBJECTIVES, metadataAccuracy], {
    requests,
    modelCalls: [modelCallOf(73)],
    noops: [noopOf(0.4), noopOf(0.6), noopOf(9)],
    workloads: [workloadOf()],
    harness: [
      {
        type: 'harness',
        workload: 'baseline',
        durationMs: 7000,
        lateP50Ms: 0.4,
        lateP99Ms: 1.9,
        cpuShare: 0.12,
        stolenShare: null,
        eventLoopDelayP99Ms: 11,
        modelLateP99Ms: null,
        stallMs: 0,
        ownStallMs: 0,
      },
    ],
  });
  record.run.notMeasured = [{ id: 'page.lcp', reason: 'no page at [x](y) | <b>' }];
  record.run.knownGaps = [
    { id: 'retry-backoff', what: 'retries', release: 'v1.2', impact: 'medium' },
  ];
  const selected = OBJECTIVES.map(({ id }) => id);
  return summaryOf(record, selected);
}

test('a summary follows its schema, with null for unknown values', () => {
  const summary = summaryOfRun();
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  assert.equal(summary.harness.noopRoundTripMs, 0.6);
  assert.equal(summary.harness.workloads[0]?.stolenShare, null);
  assert.deepEqual(summary.knownGaps, [
    {
      id: 'retry-backoff',
      state: 'notMeasured',
      what: 'retries',
      observed: 'no objective of this target shows it',
      missed: [],
      release: 'v1.2',
      impact: 'medium',
    },
  ]);
  assert.ok('properties' in summaryJsonSchema());
});

function formatRows(objectives: Objective[], judgements: Summary['objectives']): string[] {
  const judged = objectives.map((objective) => {
    const judgement = judgements.find(({ id }) => id === objective.id);
    assert.ok(judgement !== undefined);
    return { objective, judgement };
  });
  return objectiveRows(judged, (_, text) => text);
}

test('each objective has a line below its operation; only a verdict other than pass has a word', () => {
  const { objectives } = summaryOfRun();
  const judgements = objectives.map((one) => ({ ...one, interval: [1, null] as [number, null] }));
  assert.deepEqual(formatRows(OBJECTIVES, judgements), [
    '                                      measured  interval      objective  events',
    '✓  classify  latency.p50                356 ms  [1.0, open]  < 1,000 ms  72, 1 failed',
    '✓            latency.p95                389 ms  [1.0, open]  < 2,000 ms  72, 1 failed',
    '?  api       availability               98.6 %  [100, open]    > 99.9 %  74, 1 failed  INCONCLUSIVE',
    '?  chat      modelCalls.perRequest  max 1 call  [1, open]     ≤ 2 calls  1  INCONCLUSIVE',
  ]);
});

test('the terminal shows what failed or is inconclusive, then objectives, what was not measured, and gaps', () => {
  const text = terminalReport(summaryOfRun(), OBJECTIVES);
  const parts = [
    /^\n\? INCONCLUSIVE {2}api\.availability\n {4}1 of 74 failed/,
    /\n\n\? INCONCLUSIVE {2}chat\.modelCalls\.perRequest\n {4}/,
    /\n +measured {2}interval +objective {2}events\n✓ /,
    /\nNot measured:\n {2}page\.lcp: no page/,
    /\nKnown gaps:\n {2}retry-backoff \(not measured\): retries; planned for v1\.2, impact medium\n {4}observed: no objective of this target shows it\n/,
  ];
  const places = parts.map((part) => text.search(part));
  assert.ok(!places.includes(-1), text);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  // No objective of time is unmet, so the harness cannot explain a verdict.
  assert.ok(!text.includes('The harness itself'));
  assert.ok(!text.includes('classify.metadata.accuracy'));
});

test('the message of a matcher replaces the reason of its objective', () => {
  const messages = new Map([
    ['api.availability', 'Because:   two bursts\n\nWhat to do next:\n  - Wait'],
  ]);
  const text = terminalReport(summaryOfRun(), OBJECTIVES, { messages });
  assert.match(
    text,
    /\n\? INCONCLUSIVE {2}api\.availability\n {4}Because: {3}two bursts\n\n {4}What to do next:\n {6}- Wait\n\n\? INCONCLUSIVE {2}chat/,
  );
  assert.ok(!text.includes('1 of 74 failed'));
});

test('objectives with the same reason share it, and a long list of reasons is cut', () => {
  const summary = summaryOfRun();
  summary.notMeasured = Array.from({ length: 40 }, (_, at) => ({
    id: `desktop.metric${at}.p75`,
    reason: 'the target has no page',
  }));
  summary.reasons = Array.from({ length: 65 }, (_, at) => `the test "${at}" failed`);
  const text = terminalReport(summary, OBJECTIVES);
  assert.equal(text.split('the target has no page').length, 2);
  assert.match(text, /\n {2}40 objectives: the target has no page\n {4}desktop\.metric0\.p75, /);
  assert.equal(text.match(/INCONCLUSIVE {2}run: the test/g)?.length, 10);
  assert.match(text, /run: and 55 more: see the report\n/);
  for (const line of text.split('\n')) assert.ok(line.length <= 120, line);
});

test('the harness is shown on request, and if it may have changed a verdict', () => {
  const row =
    / {2}baseline +0\.4 ms +1\.9 ms +12 % +unknown +11\.0 ms +unknown +0\.0 ms +0\.0 ms\n/;
  const verbose = terminalReport(summaryOfRun(), OBJECTIVES, { verbose: true });
  assert.match(verbose, row);
  assert.match(verbose, /a request that does no work takes 0\.6 ms/);
  assert.match(
    verbose,
    /\nNot selected \(no test of this run judges these\):\n {2}classify\.metadata\.accuracy\n/,
  );
  const summary = summaryOfRun();
  const [open] = summary.objectives;
  assert.ok(open !== undefined);
  open.verdict = 'inconclusive';
  const timed = OBJECTIVES.map((one) => ({ ...one, workload: 'baseline' }));
  assert.ok(!terminalReport(summary, timed).includes('The harness itself'));
  const [workload] = summary.harness.workloads;
  assert.ok(workload !== undefined);
  workload.stallMs = 1200;
  assert.match(
    terminalReport(summary, timed),
    /\nThe harness itself:\n.*stalls +not stolen\n {2}baseline .* 1200\.0 ms +0\.0 ms\n/,
  );
});

test('the job summary begins with the verdict and what is not met, and folds the rest', () => {
  const markdown = summaryMarkdown(summaryOfRun(), OBJECTIVES);
  const [top = '', ...folded] = markdown.split('<details>');
  assert.match(top, /^## ❔ Performance: INCONCLUSIVE {2}\(.*1 not measured, 1 not selected\)\n/);
  assert.match(
    top,
    /\n\| ❔ INCONCLUSIVE \| api availability \\> 99\.9 % \| 98\.6 % \\\[.*\\\] \| 74 \| 1 of 74 failed/,
  );
  assert.ok(!top.includes('PASS'));
  assert.match(top, /\n\nAgainst the baseline: nothing was compared\.\n\n$/);
  assert.deepEqual(
    folded.map((part) => /^<summary>(.*)<\/summary>\n\n[\s\S]*\n\n<\/details>\n+$/.exec(part)?.[1]),
    [
      'All 4 objectives',
      '1 known gap',
      '1 not measured',
      '1 not selected: no test of this run judges these',
      'The harness itself',
      'Environment',
    ],
  );
  assert.match(
    markdown,
    /\| classify latency P95 \\< 2000 ms \| P95 389\.0 ms \\\[.*\\\] at 95 % \| 72 \| 0 \| 0 \| 1 \| ✅ PASS \|/,
  );
});

test('the job summary lists what moved against the baseline, and counts the rest', () => {
  const ratios = ['slower', 'same', 'faster'].map((operation) => ({
    ...{ ...modelCallsPerRequest, metric: METRICS.latencyRegression, unit: '×', operation },
    id: `${operation}.latencyRegression`,
  }));
  const summary = summaryOfRun();
  const [judgement] = summary.objectives;
  assert.ok(judgement !== undefined);
  const intervals: [number, number][] = [
    [1.18, 1.26],
    [0.97, 1.03],
    [0.8, 0.9],
  ];
  summary.objectives = ratios.map(({ id, unit }, at) => {
    const [lower, upper] = intervals[at] as [number, number];
    return { ...judgement, id, unit, estimate: (lower + upper) / 2, interval: [lower, upper] };
  });
  assert.match(
    summaryMarkdown(summary, ratios),
    /\nAgainst the baseline: slower\\\.latencyRegression 1\.22 × \\\[1\.18, 1\.26\\\], faster\\\.latencyRegression 0\.85 × \\\[0\.8, 0\.9\\\], no clear change in 1 of 3 figures\.\n/,
  );
});

test('a job summary stays far below what GitHub takes, and says what it left out', () => {
  const summary = summaryOfRun();
  const long = `@a${'|'.repeat(2000)}`;
  summary.reasons = Array(500).fill(long);
  summary.objectives = summary.objectives.flatMap((one) =>
    Array(200).fill({ ...one, verdict: 'fail', reason: long }),
  );
  summary.notMeasured = Array.from({ length: 200 }, () => ({ id: long, reason: long }));
  const markdown = summaryMarkdown(summary, OBJECTIVES);
  assert.ok(Buffer.byteLength(markdown) < 200_000, String(Buffer.byteLength(markdown)));
  assert.match(markdown, /\n\nand 490 reasons more: see index\.html\n\n/);
  assert.match(markdown, /\n\nand 790 objectives more: see index\.html\n\n/);
  assert.match(
    markdown,
    /<summary>200 not measured<\/summary>\n\nToo long for this page: see index\.html\.\n\n<\/details>/,
  );
});

test('the path of the report is relative to the current folder', () => {
  const html = (outputFolder: string) => [['html', { outputFolder }]] as [string, object][];
  const config = {
    configFile: '/repo/playwright.config.ts',
    reporter: html('perf-report/playwright'),
  };
  assert.equal(
    describeReport('/repo/perf-report', config, '/repo'),
    "perf-report/index.html, with Playwright's report: npx playwright show-report perf-report",
  );
  assert.match(
    describeReport('/elsewhere/report', config, '/repo'),
    /^\/elsewhere\/report\/index\.html, .* show-report perf-report\/playwright$/,
  );
  const without = { configFile: '/repo/playwright.config.ts', reporter: [['list']] as [string][] };
  assert.equal(
    describeReport('/repo/perf-report', without as never, '/repo'),
    'perf-report/index.html',
  );
});

test('a stall of the target is shown with its time, length and waiting requests, and events set aside are counted', () => {
  const summary = summaryOfRun();
  const stall = {
    workload: 'baseline',
    startedAt: '2027-01-15T08:00:12.500Z',
    durationMs: 4012,
    waiting: 24,
  };
  const [first, ...rest] = summary.objectives;
  assert.ok(first !== undefined);
  const stalled = {
    ...summary,
    run: { ...summary.run, stalls: [stall] },
    objectives: [{ ...first, setAside: 12 }, ...rest],
  };
  const stallText =
    'answered nothing for 4.0 s from 08:00:12.5 UTC on (24 requests were waiting), in baseline';
  const terminal = terminalReport(stalled, OBJECTIVES);
  assert.ok(terminal.includes(stallText), terminal);
  assert.ok(terminal.includes('failed, 12 set aside'), terminal);
  assert.match(summaryMarkdown(stalled, OBJECTIVES), /answered nothing for 4\.0 s/);
});

test('the command that shows the report is quoted for the shell', () => {
  const config = {
    configFile: '/my work/playwright.config.ts',
    reporter: [['html', { outputFolder: "it's/playwright" }]],
  };
  assert.equal(
    describeReport("/my work/it's", config as never, '/my work'),
    "it's/index.html, with Playwright's report: npx playwright show-report 'it'\\''s'",
  );
  assert.match(
    describeReport('/my work/report', config as never, '/elsewhere'),
    /: npx playwright show-report '\/my work\/it'\\''s\/playwright'$/,
  );
});

const [JUDGED] = judgeRun(
  recordOf([latencyP95], { requests: [requestOf(0), requestOf(1, { failure: 'status 500' })] }),
  deriveEvents,
  { selected: [latencyP95.id] },
).judgements;

/** The row of an objective, with one space between its columns. */
function formatRow(objective: Objective, estimate: number, lower: number): string {
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
  assert.match(formatRow(p50, 26_477.31, 25_014.06), / 26,477 ms \[25,014, open\] < 1,000 ms /);
  assert.match(formatRow(p50, 999.98, 3.14), / 999\.980 ms \[3\.1, open\] < 1,000 ms /);
  assert.match(formatRow(p50, 1000, -0.01), / 1,000 ms \[0, open\] < 1,000 ms /);
  assert.match(
    formatRow({ ...bytes, objective: 60_000_000 }, 24_917_712, 900_000),
    / max 24\.9 MB \[0\.9, open\] ≤ 60 MB /,
  );
  assert.match(
    formatRow({ ...bytes, objective: 150_000 }, 150_004, 0),
    / max 150\.004 kB \[0, open\] ≤ 150 kB /,
  );
  assert.match(
    formatRow({ ...modelCallsPerRequest, objective: 1 }, 1, 1),
    / max 1 call \[1, open\] ≤ 1 call /,
  );
});

test('failed requests are listed, except under a fault, where they are expected', () => {
  assert.match(formatRow(latencyP95, 350, 1), / 1, 1 failed$/);
  assert.match(formatRow({ ...latencyP95, fault: 'brokenModel' }, 350, 1), / < 2,000 ms 1$/);
});

const openedAtMs = 1_800_000_000_000;
const SECURE = { type: 'connection', openedAtMs, http: '1.1', tls: 'TLSv1.3' } as const;

const summaryWith = (parts: Partial<RunRecord>) =>
  summaryOf(recordOf([latencyP95], { requests: [requestOf(0)], ...parts }));

test('the report shows the connections to the API and the encoding of its answers', () => {
  const encoding = { type: 'encoding', metAtMs: openedAtMs, encoding: 'gz\u001b[2J' } as const;
  const summary = summaryWith({ connections: [SECURE, SECURE], encodings: [encoding] });
  const shown = terminalReport(summary, [latencyP95]);
  const words = 'HTTP/1.1 over TLS, 2 connections';
  assert.ok(
    shown.includes(`\nRequests to the API:\n  ${words}\n  answers came encoded (gz`),
    shown,
  );
  assert.ok(!shown.includes('\u001b[2J'));
  const markdown = summaryMarkdown(summary, [latencyP95]);
  assert.ok(markdown.includes(escapeMarkdown(`connections: ${words}`)), markdown);
});

test('HTTP/1.1 without TLS is in the Markdown, but not on the terminal', () => {
  const summary = summaryWith({ connections: [{ ...SECURE, tls: null }] });
  assert.doesNotMatch(terminalReport(summary, [latencyP95]), /Requests to the API/);
  const markdown = summaryMarkdown(summary, [latencyP95]);
  assert.ok(markdown.includes(escapeMarkdown('HTTP/1.1, 1 connection')), markdown);
});

const opened = (http: '1.1' | '2', tls: string | null): ConnectionLine => ({
  ...SECURE,
  http,
  tls,
});

test('connections are counted by protocol', () => {
  assert.equal(describeConnections([]), null);
  assert.equal(describeConnections([opened('1.1', null)]), 'HTTP/1.1, 1 connection');
  assert.equal(
    describeConnections([opened('1.1', 'TLSv1.3'), opened('1.1', 'TLSv1.2')]),
    'HTTP/1.1 over TLS, 2 connections',
  );
  assert.equal(
    describeConnections([opened('2', 'TLSv1.3'), opened('1.1', null)]),
    'HTTP/2 over TLS, 1 connection; HTTP/1.1, 1 connection',
  );
});

test('connections and encodings are read from the record, and each encoding is named once', () => {
  const encoding = { type: 'encoding', metAtMs: openedAtMs, encoding: 'gzip' };
  const lines = [
    runOf([]),
    opened('2', 'TLSv1.3'),
    encoding,
    { ...encoding, encoding: 'br' },
    encoding,
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const { connections, encodings } = parseRunRecord(text, 'measurements.ndjson', METRICS);
  assert.equal(describeConnections(connections), 'HTTP/2 over TLS, 1 connection');
  assert.equal(describeEncodings(encodings), 'gzip and br');
  assert.equal(describeEncodings([]), null);
});

const WITH_GAP = [latencyP95, retried, refusal, gapGrowth];
const indices = (n: number, from = 0) => Array.from({ length: n }, (_, at) => from + at);

/** A run of a target that does not try again, which its budget lists as a known gap. */
function runWithGap() {
  const underFault = {
    workload: 'brokenModel',
    fault: 'brokenModel',
    status: 502,
    failure: '502',
    values: { endedMs: 12 },
  };
  const record = recordOf(WITH_GAP, {
    requests: [
      ...indices(100).map((at) => requestOf(at)),
      ...indices(20, 100).map((at) => requestOf(at, underFault)),
    ],
    modelCalls: indices(20, 100).map((at) => modelCallOf(at, { status: 503, fault: 'status' })),
  });
  record.run.knownGaps = [
    { id: 'retry-backoff', what: 'retries | with backoff', release: 'v1.2', impact: 'medium' },
    { id: 'rate-limit', what: 'Retry-After', release: 'v1.2', impact: 'low' },
  ];
  return summaryOf(record);
}

const SEEN = /brokenModel\.retried: 0 % \[0, open\], 20 of 20 were not tried again: not one may/;

test('a miss that an open gap admits stays a miss and names its gap', () => {
  const summary = runWithGap();
  assert.deepEqual(summarySchema.parse(JSON.parse(JSON.stringify(summary))), summary);
  assert.equal(summary.verdict, 'pass');
  assert.deepEqual(
    summary.objectives.map(({ id, verdict, knownGap }) => [id, verdict, knownGap]),
    [
      ['classify.latency.p95', 'pass', null],
      ['brokenModel.retried', 'fail', 'retry-backoff'],
      ['brokenModel.refusal', 'pass', null],
    ],
  );
  const [open, unknown] = summary.knownGaps;
  assert.deepEqual([open?.state, open?.missed], ['open', ['brokenModel.retried']]);
  assert.match(open?.observed ?? '', SEEN);
  assert.deepEqual([unknown?.state, unknown?.missed], ['notMeasured', []]);
  assert.equal(
    describeVerdict(summary),
    'PASS  (2 objectives met, 0 missed, 0 inconclusive, 1 known gap open, 1 not measured)',
  );
  assert.ok(!summaryMarkdown(summary, WITH_GAP).includes('Why'));
});

test('the terminal and the Markdown show a known gap differently from a failure', () => {
  const summary = runWithGap();
  const text = terminalReport(summary, WITH_GAP);
  assert.match(text, /\n! +brokenModel +retried +0 % .* = 100 % +20 {2}KNOWN GAP\n/);
  assert.ok(!text.includes('FAIL'));
  const [retriedRow] = summary.objectives.filter(({ id }) => id === retried.id);
  assert.ok(retriedRow !== undefined);
  const rows = objectiveRows([{ objective: retried, judgement: retriedRow }], (mark) => mark);
  assert.match(rows[1] ?? '', /^knownGap .* {2}knownGap$/);
  assert.match(
    text,
    /\nKnown gaps:\n {2}retry-backoff \(open\): retries \| with backoff; planned for v1\.2, impact medium\n {4}observed: brokenModel\.retried: 0 % /,
  );
  assert.match(
    text,
    /\n {2}rate-limit \(not measured\): Retry-After; planned for v1\.2, impact low\n {4}observed: no objective/,
  );
  const markdown = summaryMarkdown(summary, WITH_GAP);
  assert.match(markdown, /\| broken model retried\\: every one \| .* \| ⚠️ KNOWN GAP \|/);
  assert.match(
    markdown,
    /\| retry-backoff \| open \| retries \\\| with backoff \| brokenModel\\\.retried.* \| v1\.2 \| medium \|/,
  );
});
