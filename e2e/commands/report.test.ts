import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { summarySchema } from '../core/verdict/runSummary.ts';
import { loadRecordOf, writeRecord } from '../report/testing/shards.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const SCRIPT = fileURLToPath(new URL('report.ts', import.meta.url));
const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());

const { PERF_REPORT_DIR: _, ...ENV } = process.env;

function report(args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { encoding: 'utf8', cwd: folder.path, env: { ...ENV, ...env } } as const;
  return spawnSync(process.execPath, [SCRIPT, ...args], options);
}

const requests = (serviceMs: number) => Array.from({ length: 300 }, () => ({ serviceMs }));

for (const index of [1, 2, 3]) {
  const shard = { index, of: 3 };
  writeRecord(folder.path, `fast-${index}`, loadRecordOf(requests(80), { shard }));
  writeRecord(folder.path, `slow-${index}`, loadRecordOf(requests(900), { shard }));
}

test('shards are merged into one report, and the exit status is that of a run', () => {
  const fast = report(['fast-1', 'fast-2', 'fast-3']);
  assert.deepEqual([fast.status, fast.stderr], [0, '']);
  assert.match(
    fast.stdout,
    /\nVerdict: PASS {2}\(2 objectives met, .*\nReport: perf-report\/index\.html\n$/,
  );
  const file = path.join(folder.path, 'perf-report', 'summary.json');
  const summary = summarySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual([summary.verdict, summary.loads[0]?.result.n], ['pass', 300]);
  assert.equal(report([]).status, 0, 'by default the usual folder is built again');
  const slow = report(['slow-1', 'slow-2', 'slow-3', '--out', 'slow']);
  assert.equal(slow.status, 1);
  assert.match(slow.stdout, /\nVerdict: FAIL {2}\(1 objective met, 1 missed, /);
  assert.equal(report(['fast-1'], { PERF_REPORT_DIR: 'one' }).status, 1);
});

test('a mistake is one clear error', () => {
  for (const [args, words] of [
    [
      ['none'],
      /^RECORD_INVALID: none holds no record of a run\.\n {2}file +none\/measurements\.ndjson\n/,
    ],
    [['fast-1', '--rate', '3'], /'--rate'[\s\S]*\nnpm run report /],
  ] as const) {
    const { status, stdout, stderr } = report([...args]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /^ +at /m);
  }
});

test('the report is served on loopback alone', async () => {
  const args = [SCRIPT, 'fast-1', '--open'];
  const child = spawn(process.execPath, args, { cwd: folder.path, env: ENV });
  child.stdout.setEncoding('utf8');
  try {
    let output = '';
    let url: string | undefined;
    for await (const text of child.stdout) {
      output += text;
      [url] = /http:\/\/[\d.]+:\d+/.exec(output) ?? [];
      if (url !== undefined) break;
    }
    assert.match(url ?? output, /^http:\/\/127\.0\.0\.1:\d+/);
    assert.match(await (await fetch(`${url}/index.html`)).text(), /^<!doctype html>/);
  } finally {
    child.kill();
  }
});
