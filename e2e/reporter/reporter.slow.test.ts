import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestLine } from '../core/record/recordLine.ts';
import { availability, latencyP95 } from '../core/testing/objectives.ts';
import { noopOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { runNested } from './testing/runNested.ts';

const OBJECTIVES = [
  latencyP95,
  { ...latencyP95, id: 'classify.latency.p50', quantile: 0.5, allowedShare: 0.5, objective: 1000 },
  availability,
];
const LATENCY_SPEC = `test('quick enough', { annotation: judges('classify.latency.p95') }, async () => {
  await expect(measured).toMeetBudget('classify.latency.p95');
});`;

/** 320, 321 … ms, and as many slow ones as asked for, spread over the run. */
function requests(n: number, slow = 0, parts: Partial<RequestLine> = {}): RequestLine[] {
  return Array.from({ length: n }, (_, at) => {
    const isSlow = slow > 0 && at % Math.floor(n / slow) === 0;
    return requestOf(at, { values: { latencyMs: isSlow ? 2500 : 320 + (at % 150) }, ...parts });
  });
}

const record = (list: RequestLine[]) =>
  recordOf(OBJECTIVES, { requests: list, noops: [noopOf(0.6)] });
const { run: header } = record([]);

describe('the reporter in a real run', { concurrency: 2 }, () => {
  test('pass', async () => {
    const run = await runNested({ spec: LATENCY_SPEC, header, record: record(requests(120)) });
    assert.equal(run.status, 0, run.output);
    assert.equal(run.summary?.verdict, 'pass');
    assert.match(
      run.output,
      /^classify latency \(n=120, 0 failed\): {2}P50 \d+\.\d ms {2}P95 \d+\.\d ms \[\d+\.\d, (\d+\.\d|open)\] {2}min 320\.0 {2}max 439\.0 {3}objective P95 < 2000 ms {3}PASS$/m,
    );
    assert.match(run.output, /Not selected:\n {2}classify\.latency\.p50, api\.availability\n/);
    const lines = run.output.trimEnd().split('\n').slice(-2);
    assert.deepEqual(lines, [
      'Verdict: PASS  (1 objective met, 0 missed, 0 inconclusive, 0 not measured, 2 not selected)',
      'Report: perf-report/summary.md, Playwright report: npx playwright show-report perf-report/playwright',
    ]);
    assert.match(run.json, /"type": "PASS"/);
    assert.match(
      run.json,
      /"name": "classify\.latency\.p95 ECDF\.svg",\s*"contentType": "image\/svg\+xml"/,
    );
    assert.equal(run.summary?.harness.noopRoundTripMs, 0.6);
  });

  test('fail: the matcher and the run say so, and why', async () => {
    const run = await runNested({ spec: LATENCY_SPEC, header, record: record(requests(400, 100)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.verdict, 'fail');
    assert.deepEqual(run.summary?.reasons, []);
    assert.match(
      run.output,
      /Why:\n {2}fail: classify\.latency\.p95 {2}100 of 400 took 2000 ms or longer/,
    );
    assert.match(run.output, /\nVerdict: FAIL {2}\(0 objectives met, 1 missed,/);
    assert.match(run.json, /"type": "FAIL"/);
  });

  test('inconclusive is no pass, even where every test passed', async () => {
    const spec = `test('forgets to judge', { annotation: judges('classify.latency.p95') }, () => {});`;
    const run = await runNested({ spec, header, record: record(requests(20)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.verdict, 'inconclusive');
    assert.match(run.output, /\nVerdict: INCONCLUSIVE/);
  });

  test('no measurement of this run: fail, and what an earlier run left stays as it was', async () => {
    const spec = `test('down', { annotation: judges('classify.latency.p95') }, async () => { throw new Error('ECONNREFUSED'); });`;
    const earlier = record(requests(120));
    earlier.run.id = 'an-earlier-run';
    const foreign = await runNested({ spec, header, record: earlier });
    assert.equal(foreign.status, 1);
    assert.equal(foreign.summary?.verdict, 'fail');
    assert.match(foreign.summary?.reasons[0] ?? '', /no measurement was recorded/);
    assert.match(
      foreign.summary?.reasons[1] ?? '',
      /the test "nested\.spec\.ts › down" failed: Error: ECONNREFUSED/,
    );
    assert.match(foreign.summary?.objectives[0]?.reason ?? '', /^no data/);
    assert.equal(foreign.summary?.objectives[0]?.n, 0);
    assert.match(foreign.recordText ?? '', /an-earlier-run/);
  });

  test('a test that breaks beside met objectives fails the run', async () => {
    const spec = `${LATENCY_SPEC} test('page', async () => { throw new Error('no page\\u001b[31m\\n::error::gone'); });`;
    const run = await runNested({ spec, header, record: record(requests(120)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.objectives[0]?.verdict, 'pass');
    assert.equal(run.summary?.verdict, 'fail');
    assert.match(
      run.output,
      /Why:\n {2}run {2}the test "nested\.spec\.ts › page" failed: Error: no page/,
    );
    assert.ok(!run.output.slice(run.output.indexOf('Why:')).includes('\n::'));
  });

  test('nothing that is judged was selected: not a word, not a file', async () => {
    const run = await runNested({
      spec: `${LATENCY_SPEC} test('smoke', () => {});`,
      header,
      record: null,
      args: ['--grep', 'smoke'],
    });
    assert.equal(run.status, 0);
    assert.ok(!run.output.includes('Verdict'));
    assert.equal(run.summary, null);
    assert.equal(run.markdown, null);
  });

  test('a set-up that failed is no verdict of another run, a list of tests none at all', async () => {
    const state = { id: header.id, reportDir: '/nowhere', recordFile: '/nowhere/x', header };
    const env = { PERF_RUN: JSON.stringify(state) };
    const failed = await runNested({ spec: LATENCY_SPEC, header: null, record: null, env });
    assert.equal(failed.status, 1);
    assert.match(failed.output, /TARGET_UNREACHABLE/);
    assert.ok(!failed.output.includes('/nowhere'));
    const listed = await runNested({
      spec: LATENCY_SPEC,
      header,
      record: null,
      args: ['--list'],
      env,
    });
    assert.equal(listed.status, 0, listed.output);
    assert.ok(!listed.output.includes('Verdict'));
  });

  test('what a target answered is text wherever it is shown', async () => {
    const hostile = '\u001b[2J|<script>alert(1)</script>\n::error::[x](javascript:1)`';
    const list = requests(60, 0, { failure: hostile, requestId: hostile, status: 500 });
    const spec = `test('up', { annotation: judges('api.availability') }, async () => {
      await expect(measured).toMeetBudget('api.availability');
    });`;
    const known = record(list);
    known.run.notMeasured = [{ id: 'page.lcp', reason: hostile }];
    const run = await runNested({ spec, header: known.run, record: known });
    assert.equal(run.summary?.verdict, 'fail');
    assert.match(run.output, /\[2J\|<script>alert/);
    for (const text of [run.output, run.markdown ?? '']) {
      assert.ok(!/^\s*::error/m.test(text));
    }
    assert.ok(!/[^\\]<script/.test(run.markdown ?? ''));
    assert.ok(!JSON.stringify(run.summary).includes('\\u001b'));
  });
});
