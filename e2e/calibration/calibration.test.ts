import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tallyEvents } from '../core/statistics/eventTally.ts';
import { sequentialSampler } from '../core/statistics/sampleSize.ts';
import { normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { shareTest } from '../core/statistics/shareTest.ts';
import { assertCloseTo } from '../core/testing/closeTo.ts';
import { inBursts, independent, LIMIT_MS, SHAPES } from '../core/testing/eventSources.ts';
import { formatTable } from './calibrationRow.ts';
import { P95_PLAN } from './shareRows.ts';
import { mannWhitney } from './versionRows.ts';

const take = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

test('draws are seeded, uniform and normal', () => {
  assert.deepEqual(take(5, seededDraw(1)), take(5, seededDraw(1)));
  assert.notDeepEqual(take(5, seededDraw(1)), take(5, seededDraw(2)));
  const uniform = take(20_000, seededDraw(3));
  assert.ok(uniform.every((value) => value >= 0 && value < 1));
  assertCloseTo(uniform.reduce((sum, value) => sum + value, 0) / 20_000, 0.5, 0.02);
  const normal = take(20_000, normalDraw(seededDraw(4)));
  assertCloseTo(normal.reduce((sum, value) => sum + value ** 2, 0) / 20_000, 1, 0.03);
  const beyond = normal.filter((value) => Math.abs(value) > 1.959964).length;
  assertCloseTo(beyond / 20_000, 0.05, 0.1);
});

test('every shape of latency and every kind of burst has its stated share of bad events', () => {
  for (const [shape, sourceOf] of Object.entries(SHAPES)) {
    const latencies = take(20_000, sourceOf(independent(0.1))(seededDraw(5)));
    const bad = latencies.filter((latencyMs) => latencyMs >= LIMIT_MS).length;
    assertCloseTo(bad / 20_000, 0.1, 0.1);
    assert.ok(shape !== 'tied' || new Set(latencies).size === 10);
  }
  const burstyBad = take(100_000, inBursts(0.1, 3)(seededDraw(6))).filter(Boolean).length;
  assertCloseTo(burstyBad / 100_000, 0.1, 0.1);
  const runs =
    take(100_000, inBursts(0.1, 3)(seededDraw(7)))
      .map((bad) => (bad ? '1' : '0'))
      .join('')
      .match(/1+/g) ?? [];
  assertCloseTo(runs.reduce((sum, { length }) => sum + length, 0) / runs.length, 3, 0.05);
});

test('the looks that a simulation skips would not have been clear', () => {
  const whole = shareTest(P95_PLAN);
  const ends = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < 60; run++) {
    const source = inBursts([0.01, 0.05, 0.3][run % 3] as number, 2)(seededDraw(run));
    const events: { bad: boolean }[] = [];
    const { verdict, n } = sequentialSampler(P95_PLAN)({
      next: () => {
        events.push({ bad: source() });
        return events.at(-1)?.bad === true;
      },
      mostEvents: 300,
    });
    const first = events.findIndex(
      (_, at) => whole(tallyEvents(0.05, events.slice(0, at + 1))).verdict !== 'inconclusive',
    );
    assert.equal(n, first === -1 ? 300 : first + 1);
    ends[verdict] += 1;
  }
  assert.ok(Math.min(...Object.values(ends)) > 3, JSON.stringify(ends));
});

test('the rank test agrees with scipy 1.17.1 mannwhitneyu(method="asymptotic", use_continuity=False)', () => {
  const [baseline, candidate] = [
    [1.1, 2.2, 3.3, 4.4, 5.5, 6.6],
    [2, 4.1, 6.2, 8.3, 9.4],
  ];
  assertCloseTo(mannWhitney(baseline, candidate), 1.095445115010332);
  assertCloseTo(mannWhitney(candidate, baseline), -1.095445115010332);
});

test('a table shows the goals of its figures, and whether they are missed', () => {
  const row = {
    section: 'share',
    name: 'P95',
    runs: null,
    figures: { pass: 0.06, n: 80 },
    goals: [
      { figure: 'pass', atMost: 0.05 },
      { figure: 'n', atMost: 88 },
    ],
  };
  assert.match(formatTable([row]), /0\.06 \(≤ 0\.05 MISSED\) +80 \(≤ 88\)\n/);
});
