import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { noopOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { type NestedProject, type NestedRun, runNested } from './testing/runNested.ts';

const later = { ...latencyP95, id: 'narrative.latency.p95', operation: 'narrative' };

/** What was measured before the cut: the first objective, well or badly; of the second there is nothing. */
function recordAt(latencyMs: number) {
  const requests = Array.from({ length: 120 }, (_, at) => requestOf(at, { values: { latencyMs } }));
  return recordOf([latencyP95, later], { requests, noops: [noopOf(0.6)] });
}

const first = `test('first', { annotation: judges('classify.latency.p95') }, async () => {
  await expect(measured).toMeetBudget('classify.latency.p95');
});`;
const second = (body: string) =>
  `test('second', { annotation: judges('narrative.latency.p95') }, async () => { ${body} });`;
const endless = second(
  "console.log('measuring'); await new Promise(() => setTimeout(() => {}, 1e6));",
);

async function runCut(latencyMs: number, parts: Partial<NestedProject>): Promise<NestedRun> {
  const record = recordAt(latencyMs);
  const run = await runNested({
    spec: first + endless,
    header: record.run,
    record,
    history: '',
    env: { PERF_HISTORY: 'history.ndjson' },
    ...parts,
  });
  assert.deepEqual(
    run.summary?.objectives.map(({ id }) => id),
    ['classify.latency.p95'],
    run.output,
  );
  assert.equal(run.summary?.notMeasured[0]?.id, 'narrative.latency.p95');
  assert.match(run.summary?.notMeasured[0]?.reason ?? '', /^not reached: /);
  assert.equal(run.history, '', 'a cut run is no history');
  assert.match(run.output, /^Not added to the history: /m);
  assert.notEqual(run.status, 0);
  return run;
}

describe('a run that is cut short', { concurrency: 2 }, () => {
  test('after a failure: an objective not reached is not missed, a missed one is', async () => {
    const { summary, output, status } = await runCut(9000, {
      spec: first + second(''),
      args: ['-x'],
    });
    assert.equal(status, 1);
    assert.equal(summary?.verdict, 'fail');
    assert.deepEqual(summary?.reasons, [
      'the run stopped early (--max-failures=1): 1 of 2 tests did not come to an end',
    ]);
    assert.equal(summary?.notMeasured[0]?.reason, 'not reached: the run ended early');
    assert.ok(!output.includes('no data'), output);
    assert.match(output, /^Verdict: FAIL {2}\(0 objectives met, 1 missed, .* 1 not measured/m);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`by ${signal}: inconclusive`, async () => {
      const { summary, status, output } = await runCut(300, {
        stop: { signal, at: 'measuring' },
      });
      assert.equal(status, 130, output);
      assert.equal(summary?.verdict, 'inconclusive');
      assert.deepEqual(summary?.reasons, [
        'the run was interrupted before its end',
        '1 of 2 tests did not come to an end',
      ]);
      assert.match(output, /^Verdict: INCONCLUSIVE/m);
    });
  }

  test('by its time limit: inconclusive', async () => {
    const { summary } = await runCut(300, { args: ['--global-timeout=8000'] });
    assert.equal(summary?.verdict, 'inconclusive');
    assert.equal(summary?.reasons[0], 'the run was stopped at its time limit');
  });

  test('by the end of a worker: a fail that lists the objectives not measured', async () => {
    const { summary } = await runCut(300, { spec: first + second('process.exit(3);') });
    assert.equal(summary?.verdict, 'fail');
    assert.match(summary?.reasons.join('\n') ?? '', /worker process exited unexpectedly/);
    assert.equal(summary?.notMeasured[0]?.reason, 'not reached: the process of its test ended');
  });

  test('by an expired token: an objective not measured is not missed', async () => {
    const error = "throw new Error('TOKEN_INVALID: the token ran out');";
    const { summary } = await runCut(300, { spec: first + second(error) });
    assert.equal(summary?.verdict, 'inconclusive');
    assert.equal(summary?.notMeasured[0]?.reason, 'not reached: the token ran out');
  });
});

test('a test that skips itself came to its end: its objectives are judged as usual', async () => {
  const record = recordAt(300);
  const run = await runNested({
    spec: first + second("test.skip(true, 'not offered');"),
    header: record.run,
    record,
  });
  assert.equal(run.summary?.objectives[1]?.verdict, 'fail');
  assert.match(run.summary?.objectives[1]?.reason ?? '', /^no data/);
});
