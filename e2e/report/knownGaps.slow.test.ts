import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunRecord } from '../core/record/runRecord.ts';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { gapGrowth, retried } from './charts/testing/faultObjectives.ts';
import { runNested } from './testing/runNested.ts';

const OBJECTIVES = [retried, gapGrowth];
const GAP = { id: 'retry-backoff', what: 'retries', release: 'v1.2', impact: 'medium' };
const SPEC = OBJECTIVES.map(
  ({ id }) => `test('judges ${id}', { annotation: judges('${id}') }, async () => {
    await expect(measured).toMeetBudget('${id}');
  });`,
).join('\n');

/** Twenty requests whose calls of the model arrive at these times and fail. */
function recordWith(callsAtMs: number[], listed = [GAP]): RunRecord {
  const indices = Array.from({ length: 20 }, (_, at) => at);
  const record = recordOf(OBJECTIVES, {
    requests: indices.map((at) =>
      requestOf(at, { workload: 'brokenModel', fault: 'brokenModel', status: 502, failure: '502' }),
    ),
    modelCalls: indices.flatMap((index) =>
      callsAtMs.map((ms, at) =>
        modelCallOf(index, {
          attempt: at + 1,
          arrivedAtMs: 1_800_000_000_000 + ms,
          endedMs: 10,
          status: 503,
          fault: 'status',
        }),
      ),
    ),
  });
  record.run.knownGaps = listed;
  return record;
}

const run = (record: RunRecord) => runNested({ spec: SPEC, header: record.run, record });

describe('gaps that a budget admits, in a real run', { concurrency: 2 }, () => {
  test('open: its test passes and names it, dependent tests are skipped, the run passes', async () => {
    const { status, output, summary, json } = await run(recordWith([0]));
    assert.equal(status, 0, output);
    assert.equal(summary?.verdict, 'pass');
    assert.match(
      json,
      /"type": "KNOWN GAP",\s*"description": "retry-backoff, planned for v1\.2, impact medium\. brokenModel retried: every one: 0 % \[0, open\], n = 20, 20 failed; 20 of 20 were not tried again: not one may\. One of them: 1 call of the model, answered with 503 after 10\.0 ms; 502"/,
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

  test('closed: its tests and the run fail, and name the entry to remove', async () => {
    const { status, output, summary } = await run(recordWith([0, 110, 320]));
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
    const { status, output, summary, json } = await run(recordWith([0], []));
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
