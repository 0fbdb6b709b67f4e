import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import type { HistoryEntry } from './historyEntry.ts';
import { commitOf, nightOf } from './testing/nightOf.ts';
import { describeChange, findNewChanges, findTrends } from './trends.ts';

const NIGHTS = 40;
const NAMES = Array.from({ length: 29 }, (_, at) => `operation${at}.latency`);
const NARRATIVE = 'narrative.latency';

/** Thirty figures of each night, with 3 % of noise. `factor` is that of the narrative. */
function historyOf(factor: (night: number) => number, { seed = 1, nights = NIGHTS } = {}) {
  const normal = normalDraw(seededDraw(seed));
  const figureOf = (id: string, level: number) => {
    return { id, unit: 'ms', n: 100, median: level * Math.exp(0.03 * normal()) };
  };
  return Array.from({ length: nights }, (_, night) =>
    nightOf(night, {
      figures: [
        figureOf(NARRATIVE, 350 * factor(night)),
        ...NAMES.map((id, at) => figureOf(id, 20 + 10 * at)),
      ],
    }),
  );
}

const changesOf = (runs: HistoryEntry[]) =>
  findTrends(runs).flatMap(({ id, changes }) => changes.map((change) => ({ id, ...change })));

test('a narrative that is slower from one commit on is found, with the commits around it', () => {
  const [change, ...others] = changesOf(historyOf((night) => (night < 25 ? 1 : 1.15)));
  assert.ok(change);
  assert.deepEqual([change.id, others], [NARRATIVE, []]);
  assert.deepEqual([change.last.commit, change.first.commit], [commitOf(24), commitOf(25)]);
  assertCloseTo(change.ratio, 1.15, 0.03);
  assert.match(describeChange(change), /^\+1\d % between a01d028 and a01e37f \(2026-01-26\)$/);
});

test('histories without a change, or with one spike, have none', () => {
  for (let seed = 1; seed <= 8; seed++) {
    assert.deepEqual(changesOf(historyOf(() => 1, { seed })), []);
    assert.deepEqual(changesOf(historyOf((night) => (night === 30 ? 3 : 1), { seed })), []);
  }
});

test('a slow creep of 1 % a night is found', () => {
  const found = changesOf(historyOf((night) => 1.01 ** night));
  assert.ok(found.length > 0);
  assert.ok(found.every(({ id, ratio }) => id === NARRATIVE && ratio > 1.05));
});

const newChanges = (runs: HistoryEntry[]) => findNewChanges(findTrends(runs), runs);

test('a change is new in the run that first shows it, and in no later one', () => {
  const runs = historyOf((night) => (night < 25 ? 1 : 1.3));
  const nights = runs.flatMap((_, at) =>
    newChanges(runs.slice(0, at + 1)).map(({ id, last }) => [at, id, last.commit]),
  );
  assert.deepEqual(nights, [[29, NARRATIVE, commitOf(24)]]);
});

test('estimates have trends too, unless a figure covers them or they are shares or slopes', () => {
  const objective = {
    objective: 1,
    interval: [null, null],
    n: 9,
    bad: 0,
    verdict: 'pass',
  } as const;
  const runs = historyOf(() => 1).map((run, night) => {
    const estimate = night < 20 ? 10 : 30;
    const units = { 'a.latency.p95': 'ms', 'a.latency.p50': 'ms', 'a.availability': 'share' };
    const more = { 'a.growth': 'B/use', 'a.capacity': 'requests/s' };
    const objectives = Object.entries({ ...units, ...more }).map(([id, unit]) => {
      return { ...objective, interval: [null, null] as [null, null], id, unit, estimate };
    });
    return { ...run, objectives: [...objectives, { ...objectives[0], estimate: null }] };
  });
  const found = changesOf(runs as HistoryEntry[]);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['a.latency.p95', 'a.capacity'],
  );
  assert.ok(found.every((change) => describeChange(change).startsWith('×3 between ')));
});

test('differences below 1 ms are no change, and figures may be zero or less', () => {
  const ownTime = (level: (night: number) => number) =>
    historyOf(() => 1).map((run, night) => ({
      ...run,
      figures: [{ id: 'chat.ownTime', unit: 'ms', n: 9, median: level(night) }],
    }));
  assert.deepEqual(changesOf(ownTime((night) => (night < 20 ? -0.2 : 0.4))), []);
  assert.equal(changesOf(ownTime((night) => (night < 20 ? -0.2 : 4)))[0]?.ratio, 4);
});

test('a change at one commit, or at an unknown one, is described by its day', () => {
  const [change] = changesOf(historyOf((night) => (night < 20 ? 1 : 0.8)));
  assert.ok(change);
  const at = (from: string | null, to: string | null) =>
    describeChange({
      ...change,
      last: { ...change.last, commit: from },
      first: { ...change.first, commit: to },
    }).replace(/^−\d+ % /, '');
  const { commit } = nightOf(3);
  assert.equal(at(commit, commit), 'on 2026-01-21, at a003a05');
  assert.equal(
    at(null, `${commit}+changes`),
    'between the run of 2026-01-20 and a003a05+changes (2026-01-21)',
  );
});

test('a history that is too short or empty has no change', () => {
  assert.deepEqual(findTrends([]), []);
  assert.deepEqual(changesOf(historyOf((night) => (night < 5 ? 1 : 2), { nights: 9 })), []);
});
