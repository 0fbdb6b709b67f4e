import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { summarySchema } from '../core/verdict/runSummary.ts';
import { gapGrowth, refusal, retried } from './charts/testing/faultObjectives.ts';
import { describeVerdict } from './describeSummary.ts';
import { objectiveRows } from './objectiveRows.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { terminalReport } from './terminalReport.ts';
import { summaryOf } from './testing/summaryOf.ts';

const OBJECTIVES = [latencyP95, retried, refusal, gapGrowth];
const indices = (n: number, from = 0) => Array.from({ length: n }, (_, at) => from + at);

/** A run of a target that does not try again, and says so in its budget. */
function runWithGap() {
  const underFault = {
    workload: 'brokenModel',
    fault: 'brokenModel',
    status: 502,
    failure: '502',
    values: { endedMs: 12 },
  };
  const record = recordOf(OBJECTIVES, {
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
  assert.ok(!summaryMarkdown(summary, OBJECTIVES).includes('### Why'));
});

test('the terminal and the Markdown show a known gap differently from a failure', () => {
  const summary = runWithGap();
  const text = terminalReport(summary, OBJECTIVES);
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
  const markdown = summaryMarkdown(summary, OBJECTIVES);
  assert.match(markdown, /\| brokenModel retried: every one \| .* \| ⚠️ KNOWN GAP \|/);
  assert.match(
    markdown,
    /\| retry-backoff \| open \| retries \\\| with backoff \| brokenModel\\\.retried.* \| v1\.2 \| medium \|/,
  );
});
