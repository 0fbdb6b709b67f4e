import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../core/record/runRecord.ts';
import { latencyP95 } from '../core/testing/objectives.ts';
import { recordOf, requestOf } from '../core/testing/recordOf.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { buildSummary } from './buildSummary.ts';
import { escapeMarkdown } from './escapeMarkdown.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';
import { terminalReport } from './terminalReport.ts';

const OBJECTIVES = [latencyP95];
const openedAtMs = 1_800_000_000_000;
const SECURE = { type: 'connection', openedAtMs, http: '1.1', tls: 'TLSv1.3' } as const;

function summaryOf(parts: Partial<RunRecord>) {
  const record = recordOf(OBJECTIVES, { requests: [requestOf(0)], ...parts });
  const judged = judgeRun(record, { selected: OBJECTIVES.map(({ id }) => id) });
  return buildSummary(record, judged, { verdict: 'inconclusive', reasons: [] }, 1000);
}

test('the report says what the API was asked by, and how its answers came encoded', () => {
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

test('HTTP/1.1 without TLS stands in the report, and takes no line of the terminal', () => {
  const summary = summaryOf({ connections: [{ ...SECURE, tls: null }] });
  assert.doesNotMatch(terminalReport(summary, OBJECTIVES), /Requests to the API/);
  const markdown = summaryMarkdown(summary, OBJECTIVES);
  assert.ok(markdown.includes(escapeMarkdown('HTTP/1.1, 1 connection')), markdown);
});
