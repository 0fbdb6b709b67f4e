import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { latencyP95 } from '../core/testing/objectives.ts';
import { noopOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { type NestedProject, type NestedRun, runNested, specOf } from './testing/runNested.ts';

const later = { ...latencyP95, id: 'narrative.latency.p95', operation: 'narrative' };

/** Before the cut, the first objective was measured with these answers, and the second one not at all. */
function recordAt(latencyMs: number) {
  const requests = Array.from({ length: 120 }, (_, at) => requestOf(at, { values: { latencyMs } }));
  return recordOf([latencyP95, later], { requests, noops: [noopOf(0.6)] });
}

const env = { PERF_HISTORY: 'history.ndjson' };

const first = specOf('classify.latency.p95');
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
    env,
    ...parts,
  });
  assert.deepEqual(
    run.summary?.objectives.map(({ id }) => id),
    ['classify.latency.p95'],
    run.output,
  );
  assert.equal(run.summary?.notMeasured[0]?.id, 'narrative.latency.p95');
  assert.match(run.summary?.notMeasured[0]?.reason ?? '', /^not reached: /);
  assert.equal(run.history, '', 'a cut run is not added to the history');
  assert.match(run.output, /^Not added to the history: /m);
  assert.notEqual(run.status, 0);
  return run;
}

describe('a run that is cut short', { concurrency: 2 }, () => {
  test('after a failure: an objective that was not reached is not missed, and a missed one is', async () => {
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
    test(`by ${signal}: the verdict is inconclusive`, async () => {
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

  test('by its time limit: the verdict is inconclusive', async () => {
    const { summary } = await runCut(300, { args: ['--global-timeout=8000'] });
    assert.equal(summary?.verdict, 'inconclusive');
    assert.equal(summary?.reasons[0], 'the run was stopped at its time limit');
  });

  test('by the end of a worker: the run fails and lists the objectives not measured', async () => {
    const { summary } = await runCut(300, { spec: first + second('process.exit(3);') });
    assert.equal(summary?.verdict, 'fail');
    assert.match(summary?.reasons.join('\n') ?? '', /worker process exited unexpectedly/);
    assert.equal(summary?.notMeasured[0]?.reason, 'not reached: the process of its test ended');
  });

  test('by an expired token: an objective that was not measured is not missed', async () => {
    const error = "throw new Error('TOKEN_INVALID: the token ran out');";
    const { summary } = await runCut(300, { spec: first + second(error) });
    assert.equal(summary?.verdict, 'inconclusive');
    assert.equal(summary?.notMeasured[0]?.reason, 'not reached: the token ran out');
  });
});

test('the objectives of a test that skips itself are judged as usual', async () => {
  const record = recordAt(300);
  const run = await runNested({
    spec: first + second("test.skip(true, 'not offered');"),
    header: record.run,
    record,
  });
  assert.equal(run.summary?.objectives[1]?.verdict, 'fail');
  assert.match(run.summary?.objectives[1]?.reason ?? '', /^no data/);
});

const OWN_FILE = fileURLToPath(new URL('./index.ts', import.meta.url));

/** Every answer is too slow, and no test fails because of it: Playwright alone would call the run passed. */
const missed = recordAt(9000);
const SPEC = `test('forgets to judge', { annotation: judges('classify.latency.p95') }, () => {});`;

function runMissed(parts: Partial<NestedProject>): Promise<NestedRun> {
  return runNested({ spec: SPEC, header: missed.run, record: missed, ...parts });
}

function assertVerdict({ status, output, summary, history }: NestedRun): void {
  assert.equal(status, 1, output);
  assert.equal(summary?.verdict, 'fail');
  assert.equal(output.match(/^Verdict: FAIL /gm)?.length, 1, output);
  assert.equal(output.match(/^Report: /gm)?.length, 1, output);
  assert.equal(history?.split('\n').length, 2, 'one run and the end of its line');
}

describe('the verdict of a run is given once', { concurrency: 2 }, () => {
  const kept: [title: string, args: string[], env: Record<string, string>][] = [
    ['with the reporters of the configuration', [], {}],
    ['with another reporter', ['--reporter=line'], {}],
    ['without any reporter', ['--reporter=null'], {}],
    ['with the HTML report, which would be served until Ctrl-C', ['--reporter=html'], {}],
    ['with our own reporter named as well', [`--reporter=line,${OWN_FILE}`], {}],
    ['with a reporter that an editor adds', [], { PW_TEST_REPORTER: 'dot' }],
    [
      'with every option that does not change the verdict',
      [
        '--quiet',
        '--fully-parallel',
        '--shard=1/1',
        '--shuffle=1',
        '--no-deps',
        '--update-snapshots',
        '--fail-on-flaky-tests',
        '--add-reporter=dot',
        '--max-failures=3',
        '--global-timeout=600000',
        '--timeout=0',
        '--output=elsewhere',
      ],
      { PLAYWRIGHT_HTML_OPEN: 'always' },
    ],
  ];
  for (const [title, args, more] of kept) {
    test(title, async () => assertVerdict(await runMissed({ args, env: { ...env, ...more } })));
  }

  test('on standard error, if a JSON report is written to standard output', async () => {
    const ended = await runMissed({ args: ['--reporter=json'], env });
    assertVerdict(ended);
    assert.equal(JSON.parse(ended.stdout).stats.expected, 1);
  });

  test('not by merged reports, which judge nothing', async () => {
    const ended = await runMissed({ args: ['--reporter=blob'], env, merge: 'blob-report' });
    assertVerdict(ended);
    const { status, output = '' } = ended.merged ?? {};
    assert.equal(status, 0, output);
    assert.ok(!output.includes('FAIL'), output);
    assert.match(output, /^No verdict: .* is in its summary\.json\.$/m);
  });
});
