import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../core/testing/objectives.ts';
import { modelCallOf, noopOf, recordOf, requestOf, workloadOf } from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { summaryJsonSchema, summarySchema } from '../core/verdict/runSummary.ts';
import { buildSummary } from './buildSummary.ts';
import { concludeRun, type RunCourse } from './concludeRun.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { objectiveRows } from './objectiveRows.ts';
import { describeReport } from './reportLocations.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { terminalReport } from './terminalReport.ts';

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
  const judged = judgeRun(record, { selected: OBJECTIVES.map(({ id }) => id) });
  const course: RunCourse = {
    status: 'passed',
    otherFailures: [],
    endedBy: [],
    hasRecord: true,
    target: 'local',
  };
  return buildSummary(record, judged, concludeRun(judged, course), 7400);
}

test('a summary keeps to its schema, and says unknown where it does not know', () => {
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

test('a line for each objective, in columns over all of them', () => {
  const { objectives } = summaryOfRun();
  const judged = objectives.map((judgement, at) => {
    const objective = OBJECTIVES[at];
    assert.ok(objective !== undefined);
    return { objective, judgement: { ...judgement, interval: [1, null] as [number, null] } };
  });
  const rows = objectiveRows(judged, (verdict, text) => `<${verdict}>${text}`);
  assert.deepEqual(rows, [
    'classify latency (n=72, 1 failed):                P50 356.0 ms [1.0, open]  min 321.0  max 392.0   objective P50 < 1000 ms   <pass>PASS',
    'classify latency (n=72, 1 failed):  P50 356.0 ms  P95 389.0 ms [1.0, open]  min 321.0  max 392.0   objective P95 < 2000 ms   <pass>PASS',
    'api availability (n=74, 1 failed):                      98.6 % [100, open]                         objective > 99.9 %        <inconclusive>INCONCLUSIVE',
    'chat modelCalls (n=1, 0 failed):    P50  1 calls  max  1 calls [1, open]    min     1  max     1   objective ≤ 2 calls       <inconclusive>INCONCLUSIVE',
  ]);
});

test('columns that no objective fills take no room', () => {
  const { objectives } = summaryOfRun();
  const judgement = objectives.find(({ id }) => id === availability.id);
  assert.ok(judgement !== undefined);
  assert.deepEqual(
    objectiveRows([{ objective: availability, judgement }], (_, text) => text),
    ['api availability (n=74, 1 failed):  98.6 % [90.8, 100]   objective > 99.9 %   INCONCLUSIVE'],
  );
});

test('the terminal tells why, what is missing, the gaps and the harness itself', () => {
  const text = terminalReport(summaryOfRun(), OBJECTIVES);
  for (const part of [
    /\nWhy:\n {2}inconclusive: api\.availability {2,}1 of 74 failed/,
    /\nNot measured:\n {2}page\.lcp {2}no page/,
    /\nNot selected:\n {2}classify\.metadata\.accuracy\n/,
    /\nKnown gaps:\n {2}retry-backoff {2}not measured {2}retries {2}planned for v1\.2 {2}impact medium\n {4}observed: no objective of this target shows it\n/,
    /baseline: .*CPU stolen: unknown;.*model late, P99: unknown; event loop stalled, in all: 0\.0 ms; stalled, less stolen CPU time: 0\.0 ms\n/,
    /a request that does no work takes 0\.6 ms/,
  ]) {
    assert.match(text, part);
  }
});

test('in Markdown foreign text is text', () => {
  const markdown = summaryMarkdown(summaryOfRun(), OBJECTIVES);
  assert.match(
    markdown,
    /^## ❔ Performance: INCONCLUSIVE {2}\(.*1 not measured, 1 not selected\)\n/,
  );
  assert.match(markdown, /### Not selected\n\nclassify\\\.metadata\\\.accuracy\n/);
  assert.match(
    markdown,
    /\| classify latency P95 < 2000 ms \| P95 389\.0 ms \| \[.*\] at 95 % \| 72 \| 0 \| 0 \| 1 \| ✅ PASS \|/,
  );
  assert.match(markdown, /page\\\.lcp: no page at \\\[x\\\]\\\(y\\\) \\\| \\<b\\>/);
  assert.equal(
    escapeMarkdown('1. `code` www.x.org a@b.c\n- 99.9 % #1 ::x well-kept'),
    '1\\. \\`code\\` www\\.x\\.org a\\@b\\.c \\- 99.9 % \\#1 \\:\\:x well-kept',
  );
});

test('the report is named from where the reader stands', () => {
  const html = (outputFolder: string) => [['html', { outputFolder }]] as [string, object][];
  const config = {
    configFile: '/repo/playwright.config.ts',
    reporter: html('perf-report/playwright'),
  };
  assert.equal(
    describeReport('/repo/perf-report', config, '/repo'),
    'perf-report/summary.md, Playwright report: npx playwright show-report perf-report/playwright',
  );
  assert.match(
    describeReport('/elsewhere/report', config, '/repo'),
    /^\/elsewhere\/report\/summary\.md, .* show-report perf-report\/playwright$/,
  );
  const without = { configFile: '/repo/playwright.config.ts', reporter: [['list']] as [string][] };
  assert.equal(
    describeReport('/repo/perf-report', without as never, '/repo'),
    'perf-report/summary.md',
  );
});

test('a stall of the target is told with time, length and how many waited; what was set aside with it', () => {
  const summary = summaryOfRun();
  const stall = {
    workload: 'baseline',
    startedAt: '2027-01-15T08:00:12.500Z',
    durationMs: 4012,
    waiting: 24,
  };
  const [first, ...rest] = summary.objectives;
  assert.ok(first !== undefined);
  const told = {
    ...summary,
    run: { ...summary.run, stalls: [stall] },
    objectives: [{ ...first, setAside: 12 }, ...rest],
  };
  const words =
    'answered nothing for 4.0 s from 08:00:12.5 UTC on (24 requests were waiting), in baseline';
  const terminal = terminalReport(told, OBJECTIVES);
  assert.ok(terminal.includes(words), terminal);
  assert.ok(terminal.includes('failed, 12 set aside)'), terminal);
  assert.match(summaryMarkdown(told, OBJECTIVES), /answered nothing for 4\.0 s/);
});
