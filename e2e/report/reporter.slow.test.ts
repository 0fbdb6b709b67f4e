import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RequestLine } from '../core/record/measurementLine.ts';
import { availability, latencyP95 } from '../core/testing/objectives.ts';
import {
  noopOf,
  recordOf,
  requestOf,
  STARTED_AT_MS,
  workloadOf,
} from '../core/testing/recordOf.ts';
import { gapGrowth, retried } from './charts/testing/faultObjectives.ts';
import { recordRetries } from './testing/recordRetries.ts';
import { runNested, specOf } from './testing/runNested.ts';

const OBJECTIVES = [
  latencyP95,
  { ...latencyP95, id: 'classify.latency.p50', quantile: 0.5, allowedShare: 0.5, objective: 1000 },
  availability,
];
const LATENCY_SPEC = specOf('classify.latency.p95');

/** 320, 321 … ms, and as many slow ones as asked for, spread over the run. */
function requests(n: number, slow = 0, parts: Partial<RequestLine> = {}): RequestLine[] {
  return Array.from({ length: n }, (_, at) => {
    const isSlow = slow > 0 && at % Math.floor(n / slow) === 0;
    return requestOf(at, { values: { latencyMs: isSlow ? 2500 : 320 + (at % 150) }, ...parts });
  });
}

/** `  1:40  23 of 63 objectives measured …` */
const PROGRESS_LINE = /^ *\d+:\d\d {2}\d+ of /;

const record = (list: RequestLine[]) =>
  recordOf(OBJECTIVES, { requests: list, noops: [noopOf(0.6)] });
const { run: header } = record([]);

describe('the reporter in a real run', { concurrency: 2 }, () => {
  test('pass: each selected objective has a line, and the verdict comes last', async () => {
    const run = await runNested({ spec: LATENCY_SPEC, header, record: record(requests(120)) });
    assert.equal(run.status, 0, run.output);
    assert.equal(run.summary?.verdict, 'pass');
    assert.match(
      run.output,
      /^Measuring 1 objective with 1 test\n(?: .*\n)*1 test passed in \d+ s\n/m,
    );
    assert.match(
      run.output,
      /^✓ {2}classify {2}latency\.p95 {2,}\d+ ms {2}\[\d+, (\d+|open)\] {2}< 2,000 ms {2}120$/m,
    );
    assert.ok(!run.output.includes('classify.latency.p50'));
    const lines = run.output.trimEnd().split('\n').slice(-2);
    assert.deepEqual(lines, [
      'Verdict: PASS  (1 objective met, 0 missed, 0 inconclusive, 0 not measured, 2 not selected)',
      "Report: perf-report/index.html, with Playwright's report: npx playwright show-report perf-report",
    ]);
    assert.match(run.page ?? '', /<a href="playwright\/index\.html">/);
    assert.match(run.playwrightPage ?? '', /<body><p [^>]*><a href="\.\.\/index\.html">Verdict/);
    assert.match(run.json, /"type": "PASS"/);
    assert.match(
      run.json,
      /"name": "classify\.latency\.p95 ECDF\.svg",\s*"contentType": "image\/svg\+xml"/,
    );
    assert.equal(run.summary?.harness.noopRoundTripMs, 0.6);
  });

  test('fail: the matcher and the run give the reason', async () => {
    const run = await runNested({ spec: LATENCY_SPEC, header, record: record(requests(400, 100)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.verdict, 'fail');
    assert.deepEqual(run.summary?.reasons, []);
    assert.match(
      run.output,
      /\n✗ FAIL {2}classify\.latency\.p95\n {4}Objective: classify latency P95 < 2000 ms\n/,
    );
    assert.match(run.output, /\n {4}Because: {3}100 of 400 took 2000 ms or longer/);
    assert.match(run.output, /\n {4}What to do next:\n {6}- /);
    // Once, and not by the list of failed tests as well.
    assert.equal(run.output.split('What to do next:').length, 2);
    assert.ok(!run.output.includes('toMeetBudget'));
    assert.match(run.output, /\nVerdict: FAIL {2}\(0 objectives met, 1 missed,/);
    assert.match(run.json, /"type": "FAIL"/);
  });

  test('a shard judges nothing, and ends well if it measured each of its loads to the end', async () => {
    const loads = ['sustained'];
    const shard = { index: 2, of: 5, loads, seed: 1, startAtMs: STARTED_AT_MS, clockOffsetMs: -12 };
    const spec = `test('is skipped', { annotation: judges('classify.latency.p95') }, () => test.skip());`;
    const endAt = (state: 'started' | 'complete') =>
      runNested({
        spec,
        header: { ...header, shard },
        record: {
          ...record([]),
          run: { ...header, shard },
          workloads: [workloadOf({ workload: 'sustained', state })],
        },
      });
    const [done, cut] = await Promise.all([endAt('complete'), endAt('started')]);
    assert.deepEqual([done.status, cut.status], [0, 1], done.output);
    assert.equal(done.summary, null);
    for (const text of [done.output, done.markdown ?? '']) {
      assert.match(
        text,
        /Shard 2 of 5 of the run run-1 offered .* from 2027-01-15T08:00:00\.000Z on/,
      );
      assert.match(text, /Its clock was 12 ms ahead of that of the target\./);
      assert.match(text, /With the folders of all 5: npm run report -- <folder>/);
    }
    assert.ok(!done.output.includes('Verdict'));
    assert.match(cut.output, /It did not come to the end of sustained\./);
  });

  test('inconclusive is no pass, even if every test passed', async () => {
    const spec = `test('forgets to judge', { annotation: judges('classify.latency.p95') }, () => {});`;
    const run = await runNested({ spec, header, record: record(requests(20)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.verdict, 'inconclusive');
    assert.match(run.output, /\nVerdict: INCONCLUSIVE/);
  });

  test('no measurement of this run: fail, and the record of an earlier run stays as it was', async () => {
    const spec = `test('down', { annotation: judges('classify.latency.p95') }, async () => { throw new Error('ECONNREFUSED'); });`;
    const earlier = record(requests(120));
    earlier.run.id = 'an-earlier-run';
    const { status, summary, recordText } = await runNested({ spec, header, record: earlier });
    assert.equal(status, 1);
    assert.equal(summary?.verdict, 'fail');
    assert.match(summary?.reasons[0] ?? '', /no measurement was recorded/);
    assert.match(
      summary?.reasons[1] ?? '',
      /the test "nested\.spec\.ts › down" failed: Error: ECONNREFUSED/,
    );
    assert.match(summary?.objectives[0]?.reason ?? '', /^no data/);
    assert.equal(summary?.objectives[0]?.n, 0);
    assert.match(recordText ?? '', /an-earlier-run/);
  });

  test('a test that breaks beside met objectives fails the run', async () => {
    const spec = `${LATENCY_SPEC} test('page', async () => { throw new Error('no page\\u001b[31m\\n::error::gone'); });`;
    const run = await runNested({ spec, header, record: record(requests(120)) });
    assert.equal(run.status, 1);
    assert.equal(run.summary?.objectives[0]?.verdict, 'pass');
    assert.equal(run.summary?.verdict, 'fail');
    assert.match(
      run.output,
      /\n {2}1\) nested\.spec\.ts:\d+ › page\n\n {4}Error: no page\n[\s\S]* at .*nested\.spec\.ts:/,
    );
    assert.match(
      run.output,
      /\n✗ FAIL {2}run: the test "nested\.spec\.ts › page" failed: Error: no page/,
    );
    assert.ok(!/^\s*::/m.test(run.output));
  });

  test('no selected test judges an objective: no output, no file', async () => {
    const run = await runNested({
      spec: `${LATENCY_SPEC} test('smoke', () => {});`,
      header,
      record: null,
      args: ['--grep', 'smoke'],
    });
    assert.equal(run.status, 0);
    assert.ok(!run.output.includes('Verdict'));
    assert.match(
      run.output,
      /^Running 1 test\n {2}✓ smoke \(\d+\.\d s\)\n1 test passed in \d+ s$/m,
    );
    assert.equal(run.summary, null);
    assert.equal(run.markdown, null);
  });

  test('a report of 63 met objectives fits a hundred lines of 120 columns, progress lines included', async () => {
    const objectives = Array.from({ length: 63 }, (_, at) => ({
      ...latencyP95,
      id: `degradedModel-wrongSchema-${at}.latency.p95`,
      operation: `degradedModel-wrongSchema-${at}`,
      spans: true,
    }));
    const many = recordOf(objectives, { requests: requests(70) });
    const spec = specOf(...objectives.map(({ id }) => id));
    const run = await runNested({ spec, header: many.run, record: many });
    assert.equal(run.status, 0, run.output);
    assert.match(run.output, /^Measuring 63 objectives with 63 tests$/m);
    const lines = run.output.trimEnd().split('\n');
    const ownProgress = lines.filter((line) => PROGRESS_LINE.test(line)).length;
    const AFTER_200_S = 20;
    // Lines that npm prints about the command that it starts.
    const OF_NPM = 4;
    assert.ok(lines.length - ownProgress + AFTER_200_S + OF_NPM <= 100, run.output);
    for (const line of lines) assert.ok(line.length <= 120, line);
  });

  test('PERF_VERBOSE and PERF_DURATIONS show the harness and the durations', async () => {
    const env = { PERF_VERBOSE: '1', PERF_DURATIONS: '1' };
    const run = await runNested({ spec: LATENCY_SPEC, header, record: record(requests(120)), env });
    assert.match(
      run.output,
      /\nNot selected \(no test of this run judges these\):\n {2}classify\.latency\.p50, api\.availability\n/,
    );
    assert.match(
      run.output,
      /\nThe harness itself:\n {2}a request that does no work takes 0\.6 ms/,
    );
    assert.match(run.output, /\nWhere the time went:\n[\s\S]*\n {2}run +\d+\.\d s +100 %\n/);
  });

  test('the progress of workers is shown, and the output of tests stays whole', async () => {
    const spec = `${LATENCY_SPEC} test('slow', async () => {
      const line = { workload: 'baseline', state: 'running', clear: ['classify.latency.p95'], note: 'n = 7' };
      appendFileSync(process.env.PERF_PROGRESS_FILE, JSON.stringify(line) + '\\n');
      console.log('words of a test');
      await new Promise((resolve) => setTimeout(resolve, 12_000));
    });`;
    const run = await runNested({ spec, header, record: record(requests(120)) });
    assert.equal(run.status, 0, run.output);
    assert.match(run.output, /^words of a test$/m);
    assert.match(run.output, /^ +\d:\d\d {2}1 of 1 objectives measured {2}baseline: n = 7$/m);
  });

  test('neither a failed set-up nor a list of tests gives the verdict of another run', async () => {
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

  test('text of the target is escaped wherever it is shown', async () => {
    const hostile = '\u001b[2J|<script>alert(1)</script>\n::error::[x](javascript:1)`';
    const list = requests(60, 0, { failure: hostile, requestId: hostile, status: 500 });
    const spec = specOf('api.availability');
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
    assert.equal(run.page?.split('<script').length, 2);
    assert.match(run.page ?? '', /<a href="playwright\/index\.html">/);
    assert.match(
      run.page ?? '',
      /<code>npx playwright test --project= nested\.spec\.ts:\d+<\/code>/,
    );
  });
});

function runRetries(...parameters: Parameters<typeof recordRetries>) {
  const retries = recordRetries(...parameters);
  return runNested({
    spec: specOf(retried.id, gapGrowth.id),
    header: retries.run,
    record: retries,
  });
}

describe('known gaps of a budget, in a real run', { concurrency: 2 }, () => {
  test('open: its test passes and names the gap, dependent tests are skipped, and the run passes', async () => {
    const { status, output, summary, json } = await runRetries([0]);
    assert.equal(status, 0, output);
    assert.equal(summary?.verdict, 'pass');
    assert.match(
      json,
      /"type": "KNOWN GAP",\s*"description": "retry-backoff, planned for v1\.2, impact medium\. broken model retried: every one: 0 % \[0, open\], n = 20, 20 failed; 20 of 20 were not tried again: not one may\. One of them: 1 call of the model, answered with 503 after 10\.0 ms; 502"/,
    );
    assert.ok(!json.includes('"type": "FAIL"'));
    assert.match(
      json,
      /"description": "not measured: there was nothing to measure, since brokenModel\.retried is not met"/,
    );
    assert.match(output, /\n1 test passed, 1 skipped in \d+ s\n/);
    assert.match(output, /\n! +brokenModel +retried .* KNOWN GAP\n/);
    assert.match(
      output,
      /\nVerdict: PASS {2}\(0 objectives met, 0 missed, 0 inconclusive, 1 known gap open, 1 not measured\)/,
    );
  });

  test('closed: its tests and the run fail and name the entry to remove', async () => {
    const { status, output, summary } = await runRetries([0, 110, 320]);
    assert.equal(status, 1);
    assert.equal(summary?.verdict, 'fail');
    assert.deepEqual(summary?.reasons, [
      'known gap "retry-backoff" is closed: remove it from knownGaps in budgets/local.json',
    ]);
    assert.deepEqual(
      summary?.objectives.map(({ verdict }) => verdict),
      ['pass', 'pass'],
    );
    assert.match(output, /Verdict: {3}pass, but its gap is listed\n/);
    assert.match(
      output,
      /- Remove the entry with "id": "retry-backoff" from knownGaps in budgets\/local\.json/,
    );
    assert.match(output, /✗ FAIL {2}run: known gap "retry-backoff" is closed: remove it/);
  });

  test('not listed: the miss is an ordinary failure', async () => {
    const { status, output, summary, json } = await runRetries([0], []);
    assert.equal(status, 1);
    assert.equal(summary?.verdict, 'fail');
    assert.deepEqual(summary?.reasons, []);
    assert.equal(summary?.objectives[0]?.knownGap, null);
    assert.match(json, /"type": "FAIL"/);
    assert.match(output, /- Look at what the target does when a call of the model fails/);
    assert.match(
      output,
      /Verdict: FAIL {2}\(0 objectives met, 1 missed, 0 inconclusive, 1 not measured\)/,
    );
  });
});
