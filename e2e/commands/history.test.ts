import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatEntry, type HistoryEntry } from '../history/historyEntry.ts';
import { commitOf, nightOf } from '../history/testing/nightOf.ts';
import { temporaryFolder } from '../testing/temporaryFolder.ts';

const SCRIPT = fileURLToPath(new URL('history.ts', import.meta.url));
const folder = temporaryFolder();
after(() => folder[Symbol.dispose]());

function showHistory(args: string[], variables: NodeJS.ProcessEnv = {}) {
  const { PERF_HISTORY: _, ...env } = process.env;
  const options = { encoding: 'utf8', env: { ...env, ...variables } } as const;
  return spawnSync(process.execPath, [SCRIPT, ...args], options);
}

let files = 0;
function fileHolding(entries: HistoryEntry[]): string {
  const file = join(folder.path, `${files++}.ndjson`);
  writeFileSync(file, entries.map((entry) => `${formatEntry(entry)}\n`).join(''));
  return file;
}

/** Forty nights, two at each commit. The narrative is slower from night 26 on, and one of two tests is flaky. */
const NIGHTS = Array.from({ length: 40 }, (_, night) => {
  const level = (night < 26 ? 350 : 420) + (night % 4);
  const objective = { objective: 0.999, estimate: 1, n: 3000, bad: 0, verdict: 'pass' } as const;
  return nightOf(night, {
    commit: commitOf(night >> 1),
    figures: [
      { id: 'narrative.latency', unit: 'ms', n: 90, median: level },
      { id: 'classify.latency', unit: 'ms', n: 90, median: 350 + (night % 4) },
    ],
    objectives: [{ id: 'api.availability', unit: 'share', ...objective, interval: [null, null] }],
    executions: [
      { test: 'perf/a.spec.ts › steady', outcome: 'passed' },
      { test: 'perf/a.spec.ts › \u001b[31mflaky', outcome: night % 8 === 3 ? 'failed' : 'passed' },
    ],
  });
});
const FILE = fileHolding(NIGHTS);

test('figures are shown with their sparkline, their last value and where they moved', () => {
  const { status, stdout } = showHistory([], { PERF_HISTORY: FILE });
  assert.equal(status, 0);
  assert.match(stdout, /^staging: 40 runs, 2026-01-01 to 2026-02-09\n/);
  assert.match(
    stdout,
    /40 runs on Xeon, 2 cores, 8 GiB, Linux 6\.1\.0 x64, node 26\.10\.0, chromium/,
  );
  const commits = `${commitOf(12).slice(0, 7)} and ${commitOf(13).slice(0, 7)}`;
  assert.match(
    stdout,
    new RegExp(
      ` narrative\\.latency {2}▁{6}▅{14} {2}423\\.0 ms {2}\\+20 % between ${commits} \\(2026-01-27\\)\\n`,
    ),
  );
  assert.match(stdout, / classify\.latency {3}▁{20} {2}353\.0 ms\n/);
});

test('flake rate and error budget follow, and text of a run cannot colour a terminal', () => {
  const { stdout } = showHistory(['--file', FILE]);
  assert.match(
    stdout,
    /\nFlake rate: 6\.3 % \[.*\], 5 of 80 executions.*\n {2}5 of 40: perf\/a\.spec\.ts › \[31mflaky\n/,
  );
  assert.match(
    stdout,
    /\nAvailability: 100 % \[.*, 100\], above 99\.9 %: 0 of 84,000 requests failed in 28 runs of 28 days\n {2}100 % of the error budget of 0\.1 % is left; burn rate 0 over 28 days, 0 over 7 days, 0 in the last run\n$/,
  );
});

test('programs get the same as JSON', () => {
  const { stdout } = showHistory(['--file', FILE, '--json']);
  const { schemaVersion, targets } = JSON.parse(stdout);
  const [{ environments, flakes, availability }] = targets;
  assert.deepEqual([schemaVersion, flakes.flakes, availability.left], [1, 5, 1]);
  const [{ id, changes, points }] = environments[0].trends;
  assert.deepEqual([id, points.length, changes[0].first.id], ['narrative.latency', 40, 'night-26']);
});

test('one target may be chosen, figures of other environments stand apart, and a run counts once', () => {
  const other = nightOf(41, { target: 'dev', environment: null });
  const file = fileHolding([...NIGHTS.slice(0, 3), ...NIGHTS.slice(0, 3), other]);
  const { stdout } = showHistory(['--file', file, '--target', 'dev']);
  assert.match(stdout, /^dev: 1 run, .*\n\n1 run in an unknown environment, /);
  assert.match(
    stdout,
    /Flake rate: unknown; needs 328 executions .*, has 0\nAvailability: no run judged it\n$/,
  );
  const all = showHistory(['--file', file]).stdout;
  assert.match(all, /^staging: 3 runs, /);
  assert.match(all, /\n\ndev: 1 run, /);
});

test('an empty history says so', () => {
  const { status, stdout } = showHistory(['--file', fileHolding([])]);
  assert.deepEqual([status, /holds no runs yet\.\n$/.test(stdout)], [0, true]);
});

test('without a history, with a broken one or an unknown target, the error says what to do', () => {
  const broken = fileHolding(NIGHTS.slice(0, 1));
  writeFileSync(broken, '{"some": "other file"}\n');
  for (const [args, words] of [
    [
      [],
      /^HISTORY_INVALID: No history is named\.\n[\s\S]*PERF_HISTORY=perf-history\.ndjson npm run perf/,
    ],
    [['--file', join(folder.path, 'none')], /^HISTORY_INVALID: There is no history at /],
    [['--file', broken], /^HISTORY_INVALID: [\s\S]*line 1 → the top level\n/],
    [['--file', FILE, '--target', 'dev'], /^OPTION_REFUSED: [\s\S]*found {4}runs of staging\n/],
    [['--days', '3'], /'--days'[\s\S]*\nnpm run history /],
  ] as const) {
    const { status, stdout, stderr } = showHistory([...args]);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, words);
  }
});

test('--help shows the usage, whatever else is asked for', () => {
  const { status, stdout } = showHistory(['--target', 'staging', '--help']);
  assert.equal(status, 0);
  assert.match(stdout, /^npm run history \[-- --file/);
});
