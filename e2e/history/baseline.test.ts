import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { refusalMessage } from '../testing/catchMessage.ts';
import { temporaryWorkingFolder } from '../testing/temporaryFolder.ts';
import { acceptBaseline, type Baseline } from './baseline.ts';
import { readBaseline, writeBaseline } from './baselineFile.ts';
import type { HistoryEntry } from './historyEntry.ts';
import { commitOf, ENVIRONMENT, nightOf } from './testing/nightOf.ts';

const FILE = 'budgets/baselines/staging.json';
const LATENCY = 'classify.latency';
const MEMORY = 'page.heap.growth';
const ACCEPTANCE = {
  ...{ target: 'staging', file: FILE, figureIds: [LATENCY, MEMORY], runs: 5, allowChanges: false },
};

const latencyOf = (median: number, unit = 'ms') => ({ id: LATENCY, unit, n: 65, median });
/** Runs of these nights; the latency grows by 1 % a night. */
const nights = (from: number, count: number, parts: Partial<HistoryEntry> = {}): HistoryEntry[] =>
  Array.from({ length: count }, (_, at) =>
    nightOf(from + at, { figures: [latencyOf(340 * 1.01 ** (from + at))], ...parts }),
  );
const accept = (history: HistoryEntry[], existing: Baseline | null = null, options = {}) =>
  acceptBaseline(history, existing, { ...ACCEPTANCE, ...options });
const refusal = (history: HistoryEntry[], existing: Baseline | null = null) =>
  refusalMessage(() => accept(history, existing));

test('the latest passed runs become the baseline, rounded to four digits, with their days and commits', () => {
  const { baseline, runs, leftOut } = accept(nights(0, 7));
  assert.deepEqual(baseline.figures[LATENCY]?.latest, {
    until: '2026-01-07',
    commits: [2, 3, 4, 5, 6].map((night) => commitOf(night).slice(0, 10)),
    values: [346.8, 350.3, 353.8, 357.3, 360.9],
  });
  assert.deepEqual(baseline.figures[LATENCY]?.oldest, baseline.figures[LATENCY]?.latest);
  assert.deepEqual(baseline.environment, ENVIRONMENT);
  assert.deepEqual([runs.length, leftOut], [5, []]);
  const one = accept(nights(0, 6, { commit: commitOf(3) })).baseline.figures[LATENCY];
  assert.deepEqual(one?.latest.commits, [commitOf(3).slice(0, 10)]);
});

test('the oldest runs stay when later ones are accepted', () => {
  const first = accept(nights(0, 5)).baseline;
  const second = accept(nights(0, 30), first).baseline.figures[LATENCY];
  assert.deepEqual(second?.oldest, first.figures[LATENCY]?.oldest);
  assert.equal(second?.latest.until, '2026-01-30');
  const third = accept(nights(0, 60), { ...first, figures: { [LATENCY]: second as never } });
  assert.deepEqual(third.baseline.figures[LATENCY]?.oldest, first.figures[LATENCY]?.oldest);
});

test('a figure that is measured later is added, and one that is no longer measured stays', () => {
  const first = accept(nights(0, 5)).baseline;
  const memory = { id: MEMORY, unit: 'B', n: 20, median: 4_123_456 };
  const { figures } = accept(nights(5, 5, { figures: [memory] }), first).baseline;
  assert.deepEqual(figures[LATENCY], first.figures[LATENCY]);
  assert.deepEqual(figures[MEMORY]?.oldest.values, Array(5).fill(4_123_000));
});

test('runs that did not pass, and those of another target or environment, do not count and are named', () => {
  const elsewhere = { ...ENVIRONMENT, fingerprint: 'ffffffff' };
  const history = [
    ...nights(0, 2),
    nightOf(2, { verdict: 'fail', figures: [latencyOf(900)] }),
    nightOf(3, { verdict: 'inconclusive', figures: [latencyOf(900)] }),
    nightOf(4, { environment: elsewhere, figures: [latencyOf(900)] }),
    nightOf(5, { environment: null }),
    nightOf(6, { target: 'local', figures: [latencyOf(900)] }),
    ...nights(7, 3),
  ];
  const { baseline, leftOut } = accept(history);
  assert.ok(baseline.figures[LATENCY]?.latest.values.every((value) => value < 400));
  assert.deepEqual(leftOut, [
    '2 failed or inconclusive',
    '1 of another environment',
    '1 of an unknown environment',
  ]);
});

test('too few runs are refused, with their number and why others do not count', () => {
  assert.match(refusal([]), /^BASELINE_INVALID: No baseline of staging was accepted/);
  assert.match(refusal(nights(0, 1)), /found {4}1 passed run of one environment\n/);
  assert.match(
    refusal([...nights(0, 4), ...nights(4, 3, { verdict: 'fail' })]),
    /found {4}4 passed runs of one environment; left out: 3 failed or inconclusive\n {2}expected at least 5 /,
  );
  const ten = refusalMessage(() => accept(nights(0, 9), null, { runs: 10 }));
  assert.match(ten, /found {4}9 passed runs[\s\S]*expected at least 10 /);
  // A run that measured nothing of it, such as one of loads alone, is none.
  assert.match(refusal([...nights(0, 4), nightOf(4)]), /found {4}4 passed runs/);
});

test('runs of only some of the tests are not mixed with runs of all of them', () => {
  const memory = { id: MEMORY, unit: 'B', n: 20, median: 2_253_000 };
  const whole = (from: number) => nights(from, 4, { figures: [latencyOf(340), memory] });
  const partial = nights(4, 2, { figures: [latencyOf(420)] });
  assert.match(
    refusal([...whole(0), ...partial]),
    /4 passed runs .*: 2 that measured other figures\n/,
  );
  const { baseline, leftOut } = accept([...whole(0), ...partial, ...whole(6)]);
  assert.deepEqual(baseline.figures[LATENCY]?.latest.values, Array(5).fill(340));
  assert.deepEqual(leftOut, ['2 that measured other figures']);
});

test('runs with uncommitted changes are refused unless they are allowed', () => {
  const changed = nights(3, 2, { commit: `${commitOf(3)}+changes` });
  const history = [...nights(0, 3), ...changed];
  assert.match(refusal(history), /found {4}2 of 5 runs with uncommitted changes/);
  const { baseline } = accept(history, null, { allowChanges: true });
  const last = `${commitOf(3).slice(0, 10)}+changes`;
  assert.equal(baseline.figures[LATENCY]?.latest.commits.at(-1), last);
  assert.match(refusal(nights(0, 5, { commit: null })), /of no known commit/);
});

test('other units, and another environment than that of the oldest runs, are refused', () => {
  const first = accept(nights(0, 5)).baseline;
  const inSeconds = (night: number) => nightOf(night, { figures: [latencyOf(0.34, 's')] });
  const mixed = refusal([...nights(0, 4), inSeconds(4)]);
  assert.match(mixed, /figures → "classify\.latency" → unit\n {2}found {4}ms and s\n/);
  assert.match(refusal([5, 6, 7, 8, 9].map(inSeconds), first), /found {4}ms and s\n/);
  const environment = { ...ENVIRONMENT, fingerprint: 'ffffffff', cpu: 'EPYC', cores: 4 };
  const moved = refusal(nights(5, 5, { environment }), first);
  assert.match(moved, /\(its cpu Xeon, now EPYC; its cores 2, now 4\)/);
  assert.match(moved, /remedy {3}Delete budgets\/baselines\/staging\.json to start anew/);
});

test('the file is read back as it was written, with a line for each set of runs and nothing beside it', () => {
  using folder = temporaryWorkingFolder();
  assert.equal(readBaseline('staging'), null);
  const { baseline } = accept(nights(0, 5));
  writeBaseline(baseline);
  assert.deepEqual(readBaseline('staging'), baseline);
  const text = readFileSync(FILE, 'utf8');
  assert.match(
    text,
    /^ {6}"oldest": \{ "until": "2026-01-05", "commits": \[.*\], "values": \[340, .*\] \},$/m,
  );
  assert.ok(text.split('\n').length < 20, text);
  assert.deepEqual(readdirSync(`${folder.path}/budgets/baselines`), ['staging.json']);
});

test('a corrupt, foreign or later file is reported with the place, and stays as it was', () => {
  using _folder = temporaryWorkingFolder();
  mkdirSync('budgets/baselines', { recursive: true });
  const good = accept(nights(0, 5)).baseline;
  const { latest, ...rest } = good.figures[LATENCY] ?? assert.fail();
  const values = {
    ...good,
    figures: { [LATENCY]: { ...rest, latest: { ...latest, values: [1] } } },
  };
  for (const [text, place] of [
    ['{', /is not JSON/],
    ['{"schemaVersion":1,"schemaVersion":1}', /A key occurs twice/],
    [
      JSON.stringify({ ...good, schemaVersion: 2 }),
      /where {4}schemaVersion\n {2}found {4}2\n {2}expected 1\n/,
    ],
    [
      JSON.stringify({ ...good, target: 'local' }),
      /where {4}target\n {2}found {4}"local"\n {2}expected staging\n/,
    ],
    [
      JSON.stringify(values),
      /latest → values\n {2}found {4}\[1\]\n {2}expected at least 5 entries\n/,
    ],
    [JSON.stringify({ ...good, more: 1 }), /unknown key "more"/],
  ] as const) {
    writeFileSync(FILE, text);
    const message = refusalMessage(() => readBaseline('staging'));
    assert.match(message, /^BASELINE_INVALID: /);
    assert.match(message, place);
    assert.match(message, /budgets\/baselines\/staging\.json/);
    assert.equal(readFileSync(FILE, 'utf8'), text);
  }
});
