import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ArrivalModel, rateProfile } from '../core/load/arrivalModel.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { arrivalTimes } from './arrivalTimes.ts';

const MODELS: ArrivalModel[] = [
  { model: 'constant', rate: 60 },
  { model: 'constant', rate: { messagesPerDay: 500_000, peakFactor: 4 } },
  { model: 'poisson', rate: 60 },
  { model: 'ramp', from: 10, to: 90 },
  { model: 'ramp', from: 90, to: 10 },
  { model: 'steps', rates: [20, 40, 80] },
  { model: 'spike', rate: 20, peak: 200, afterSeconds: 10, forSeconds: 3 },
  { model: 'soak', rate: 60, rampSeconds: 8 },
];
const SECONDS = 30;

const timesOf = (model: ArrivalModel, seed: number) => [
  ...arrivalTimes(model, SECONDS, seededDraw(seed)),
];

/** Expected arrivals up to a time, by adding up the profile in steps of a millisecond. */
function expectedUntil(model: ArrivalModel, untilMs: number): number {
  let sum = 0;
  let startMs = 0;
  for (const { seconds, from, to } of rateProfile(model, SECONDS)) {
    for (let ms = 0; ms < seconds * 1000 && startMs + ms < untilMs; ms++) {
      sum += (from + ((to - from) * (ms + 0.5)) / (seconds * 1000)) / 1000;
    }
    startMs += seconds * 1000;
  }
  return sum;
}

for (const model of MODELS) {
  const name = JSON.stringify(model);

  test(`${name}: arrivals rise, within the duration, the same for the same seed`, () => {
    const property = fc.property(fc.integer(), (seed) => {
      const times = timesOf(model, seed);
      assert.ok(times.every((ms, at) => ms >= (times[at - 1] ?? 0) && ms < SECONDS * 1000));
      assert.deepEqual(times, timesOf(model, seed));
      assert.notDeepEqual(times, timesOf(model, seed + 1));
    });
    fc.assert(property, { seed: 1, numRuns: 10 });
  });

  test(`${name}: as many have arrived at any time as its rate says`, () => {
    const times = timesOf(model, 7);
    for (const untilMs of [5_000, 9_999, 11_500, 20_000, 30_000]) {
      const expected = expectedUntil(model, untilMs);
      const arrived = times.filter((ms) => ms < untilMs).length;
      // Five standard deviations: of a Poisson count, or of a sum of gaps that are each uniform over ± 50 %.
      const deviation =
        model.model === 'poisson' ? Math.sqrt(expected) : 0.2887 * Math.sqrt(expected);
      assert.ok(Math.abs(arrived - expected) <= 5 * deviation + 1, `${arrived} of ${expected}`);
    }
  });
}

test('gaps of a Poisson process are exponential: as spread as they are long', () => {
  const times = [...arrivalTimes({ model: 'poisson', rate: 100 }, 200, seededDraw(3))];
  const gaps = times.slice(1).map((ms, at) => ms - (times[at] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.05);
});

test('an hour is made as it is asked for', () => {
  const endless = arrivalTimes({ model: 'constant', rate: 1000 }, 1e9, seededDraw(1));
  assert.equal(endless.next().value, 0);
  assert.ok((endless.next().value as number) < 2);
});
