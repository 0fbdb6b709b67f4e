import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ArrivalModel, rateProfile } from '../core/budget/arrivalModel.ts';
import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import { arrivalTimes, ResumableSchedule } from './arrivalTimes.ts';
import { runOpenModel } from './workloadModels.ts';

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

/** Expected arrivals up to a time: the sum of the profile in steps of a millisecond. */
function sumArrivals(model: ArrivalModel, untilMs: number): number {
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

  test(`${name}: arrivals rise, lie within the duration, and are the same for the same seed`, () => {
    const property = fc.property(fc.integer(), (seed) => {
      const times = timesOf(model, seed);
      assert.ok(times.every((ms, at) => ms >= (times[at - 1] ?? 0) && ms < SECONDS * 1000));
      assert.deepEqual(times, timesOf(model, seed));
      assert.notDeepEqual(times, timesOf(model, seed + 1));
    });
    fc.assert(property, { seed: 1, numRuns: 10 });
  });

  test(`${name}: the number of arrivals at any time follows from its rate`, () => {
    const times = timesOf(model, 7);
    for (const untilMs of [5_000, 9_999, 11_500, 20_000, 30_000]) {
      const expected = sumArrivals(model, untilMs);
      const arrived = times.filter((ms) => ms < untilMs).length;
      // Five standard deviations: of a Poisson count, or of a sum of gaps that are each uniform over ± 50 %.
      const deviation =
        model.model === 'poisson' ? Math.sqrt(expected) : 0.2887 * Math.sqrt(expected);
      assert.ok(Math.abs(arrived - expected) <= 5 * deviation + 1, `${arrived} of ${expected}`);
    }
  });
}

test('gaps of a Poisson process are exponential', () => {
  const times = [...arrivalTimes({ model: 'poisson', rate: 100 }, 200, seededDraw(3))];
  const gaps = times.slice(1).map((ms, at) => ms - (times[at] as number));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.05);
});

test('arrival times are generated on demand', () => {
  const endless = arrivalTimes({ model: 'constant', rate: 1000 }, 1e9, seededDraw(1));
  assert.equal(endless.next().value, 0);
  assert.ok((endless.next().value as number) < 2);
});

const SEED = fc.integer();
const RATE = fc.double({ min: 0.01, max: 5000, noNaN: true });

/** The first arrivals at a constant rate. */
const steadyArrivals = (count: number, rate: number, draw: Draw) =>
  arrivalTimes({ model: 'constant', rate }, (2 * count) / rate, draw)
    .take(count)
    .toArray();

test('the first arrival is at once, and gaps vary by ± 50 % around the mean', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 200 }),
    RATE,
    SEED,
    (count, rate, seed) => {
      const arrivals = steadyArrivals(count, rate, seededDraw(seed));
      assert.equal(arrivals.length, count);
      assert.equal(arrivals[0], 0);
      const meanGapMs = 1000 / rate;
      arrivals.slice(1).forEach((atMs, before) => {
        const gap = (atMs - (arrivals[before] as number)) / meanGapMs;
        assert.ok(gap > 0.5 - 1e-9 && gap < 1.5 + 1e-9, `${gap}`);
      });
    },
  );
  fc.assert(property, { seed: 1 });
});

test('the mean rate is the requested one', () => {
  const property = fc.property(RATE, SEED, (rate, seed) => {
    const count = 2000;
    const last = steadyArrivals(count, rate, seededDraw(seed)).at(-1) as number;
    const achieved = (count - 1) / (last / 1000);
    // Five standard deviations of the mean of 1999 gaps, each uniform over ± 50 %.
    assert.ok(Math.abs(achieved / rate - 1) < (5 * 0.2887) / Math.sqrt(count - 1), `${achieved}`);
  });
  fc.assert(property, { seed: 1 });
});

test('in a duration of zero nothing arrives', () => {
  assert.deepEqual([...arrivalTimes({ model: 'constant', rate: 10 }, 0, seededDraw(1))], []);
});

test('a resumable schedule yields each time once and in order, wherever its parts stop', () => {
  const cuts = fc.array(fc.nat({ max: 4 }), { minLength: 20, maxLength: 20 });
  const property = fc.property(fc.nat({ max: 20 }), cuts, (count, cutAfter) => {
    const times = Array.from({ length: count }, (_, at) => at * 10);
    const schedule = new ResumableSchedule(times.values());
    const passed: number[] = [];
    for (const most of [...cutAfter, Number.POSITIVE_INFINITY]) {
      let left = most;
      const startMs = times[passed.length] ?? 0;
      for (const ms of schedule.rest()) {
        // Broken off after the time is read and before it is used, as when a wait is aborted.
        if (left-- === 0) break;
        passed.push(startMs + ms);
      }
      assert.equal(schedule.isOver, passed.length === count);
    }
    assert.deepEqual(passed, times);
  });
  fc.assert(property, { seed: 1 });
});

test('a resumable schedule reads only the first time in advance', () => {
  let drawn = 0;
  const times = function* () {
    for (;;) yield drawn++;
  };
  const schedule = new ResumableSchedule(times());
  assert.equal(drawn, 1);
  for (const ms of schedule.rest()) if (ms === 2) break;
  assert.equal(drawn, 3);
});

test('no arrival is lost between an aborted part and the next', async () => {
  const schedule = new ResumableSchedule([5, 10, 2_000, 2_010, 4_000, 4_005]);
  const parts: number[][] = [];
  while (!schedule.isOver) {
    const dues: number[] = [];
    const enough = new AbortController();
    await runOpenModel({
      arrivals: schedule.rest(),
      maxInFlight: 10,
      send: async (index) => {
        // During the wait for the next.
        if (index === 1) setTimeout(() => enough.abort(), 1);
        return { heldMs: 0, serviceMs: 1, failure: null, connectionReused: true };
      },
      onEnd: ({ dueMs }) => dues.push(dueMs),
      signal: enough.signal,
    });
    parts.push(dues);
  }
  // Each part from its own first arrival on, with the gaps of the schedule.
  assert.deepEqual(parts, [
    [0, 5],
    [0, 10],
    [0, 5],
  ]);
});
