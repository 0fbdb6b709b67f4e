import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { latencyP95 } from '../core/testing/objectives.ts';
import { noopOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { type NestedProject, type NestedRun, runNested } from './testing/runNested.ts';

const OWN_FILE = fileURLToPath(new URL('./index.ts', import.meta.url));

/** Every answer is too slow and no test says so: Playwright alone would call the run passed. */
const requests = Array.from({ length: 100 }, (_, at) =>
  requestOf(at, { values: { latencyMs: 9000 } }),
);
const record = recordOf([latencyP95], { requests, noops: [noopOf(0.6)] });
const SPEC = `test('forgets to judge', { annotation: judges('classify.latency.p95') }, () => {});`;

function run(parts: Partial<NestedProject>): Promise<NestedRun> {
  return runNested({ spec: SPEC, header: record.run, record, ...parts });
}

function assertVerdict({ status, output, summary, history }: NestedRun): void {
  assert.equal(status, 1, output);
  assert.equal(summary?.verdict, 'fail');
  assert.equal(output.match(/^Verdict: FAIL /gm)?.length, 1, output);
  assert.equal(output.match(/^Report: /gm)?.length, 1, output);
  assert.equal(history?.split('\n').length, 2, 'one run and the end of its line');
}

const env = { PERF_HISTORY: 'history.ndjson' };

describe('the verdict of a run, once', { concurrency: 2 }, () => {
  const kept: [what: string, args: string[], env: Record<string, string>][] = [
    ['with the reporters of the configuration', [], {}],
    ['with another reporter', ['--reporter=line'], {}],
    ['with none', ['--reporter=null'], {}],
    ['with the HTML report, which would be served until Ctrl-C', ['--reporter=html'], {}],
    ['with our own reporter named as well', [`--reporter=line,${OWN_FILE}`], {}],
    ['with a reporter that an editor adds', [], { PW_TEST_REPORTER: 'dot' }],
    [
      'with every option that changes nothing of it',
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
  for (const [what, args, more] of kept) {
    test(what, async () => assertVerdict(await run({ args, env: { ...env, ...more } })));
  }

  test('beside a JSON report, whose standard output stays clean', async () => {
    const ended = await run({ args: ['--reporter=json'], env });
    assertVerdict(ended);
    assert.equal(JSON.parse(ended.stdout).stats.expected, 1);
  });

  test('not for merged reports, which judge nothing', async () => {
    const ended = await run({
      args: ['--reporter=blob'],
      env,
      merge: 'blob-report',
    });
    assertVerdict(ended);
    const { status, output = '' } = ended.merged ?? {};
    assert.equal(status, 0, output);
    assert.ok(!output.includes('FAIL'), output);
    assert.match(output, /^No verdict: .* is in its summary\.json\.$/m);
  });
});
