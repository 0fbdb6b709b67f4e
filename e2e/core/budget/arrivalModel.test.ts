import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type ArrivalModel,
  arrivalModelSchema,
  describeArrivals,
  describeRate,
  expectedRequests,
  highestRate,
  perSecond,
  rateProfile,
  rateSchema,
} from './arrivalModel.ts';

const steady = (seconds: number, rate: number) => ({ seconds, from: rate, to: rate });

test('the rate over the whole duration, model by model', () => {
  const cases: [ArrivalModel, ReturnType<typeof rateProfile>][] = [
    [{ model: 'constant', rate: 60 }, [steady(90, 60)]],
    [{ model: 'poisson', rate: 60 }, [steady(90, 60)]],
    [{ model: 'ramp', from: 10, to: 60 }, [{ seconds: 90, from: 10, to: 60 }]],
    [{ model: 'steps', rates: [10, 20, 40] }, [steady(30, 10), steady(30, 20), steady(30, 40)]],
    [
      { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 },
      [steady(20, 10), steady(5, 80), steady(65, 10)],
    ],
    [
      { model: 'soak', rate: 20, rampSeconds: 30 },
      [{ seconds: 30, from: 0, to: 20 }, steady(60, 20)],
    ],
  ];
  for (const [arrivals, profile] of cases) {
    assert.deepEqual(rateProfile(arrivals, 90), profile, arrivals.model);
  }
});

test('what lies beyond the duration is left out', () => {
  const spike = { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 50 } as const;
  assert.deepEqual(rateProfile(spike, 30), [steady(20, 10), steady(10, 80)]);
  assert.deepEqual(rateProfile(spike, 15), [steady(15, 10)]);
  const soak = { model: 'soak', rate: 20, rampSeconds: 60 } as const;
  assert.deepEqual(rateProfile(soak, 30), [{ seconds: 30, from: 0, to: 10 }]);
});

test('a profile lasts as long as the load, whatever the model', () => {
  const rate = fc.double({ min: 0.1, max: 500, noNaN: true });
  const seconds = fc.double({ min: 0.1, max: 300, noNaN: true });
  const model = fc.oneof(
    fc.record({ model: fc.constant('ramp' as const), from: rate, to: rate }),
    fc.record({
      model: fc.constant('steps' as const),
      rates: fc.array(rate, { minLength: 2, maxLength: 9 }),
    }),
    fc.record({
      model: fc.constant('spike' as const),
      rate,
      peak: rate,
      afterSeconds: seconds,
      forSeconds: seconds,
    }),
    fc.record({ model: fc.constant('soak' as const), rate, rampSeconds: seconds }),
  );
  fc.assert(
    fc.property(model, seconds, (arrivals, durationSeconds) => {
      const pieces = rateProfile(arrivals, durationSeconds);
      const lasts = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
      assert.ok(Math.abs(lasts - durationSeconds) < 1e-9 * durationSeconds);
      assert.ok(pieces.every((piece) => piece.seconds > 0));
      assert.ok(expectedRequests(pieces) <= highestRate(pieces) * durationSeconds * (1 + 1e-9));
    }),
    { seed: 6 },
  );
});

test('what is expected is the area under the rate', () => {
  assert.equal(expectedRequests(rateProfile({ model: 'ramp', from: 10, to: 30 }, 60)), 1200);
  const spike = { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 } as const;
  assert.equal(expectedRequests(rateProfile(spike, 60)), 200 + 400 + 350);
  assert.equal(highestRate(rateProfile(spike, 60)), 80);
  assert.equal(highestRate([]), 0);
});

test('each model in words, with the arithmetic of its rates', () => {
  for (const [arrivals, words] of [
    [{ model: 'constant', rate: 60 }, '60/s'],
    [{ model: 'poisson', rate: 60 }, '60/s, at random (Poisson)'],
    [{ model: 'ramp', from: 10, to: 60 }, 'from 10/s to 60/s'],
    [{ model: 'steps', rates: [10, 20] }, 'in steps of 10/s, 20/s'],
    [
      { model: 'spike', rate: 10, peak: 80, afterSeconds: 20, forSeconds: 5 },
      '10/s, after 20 s 80/s for 5 s',
    ],
    [{ model: 'soak', rate: 20, rampSeconds: 30 }, '20/s after a ramp of 30 s'],
  ] satisfies [ArrivalModel, string][]) {
    assert.equal(describeArrivals(arrivals), words);
  }
});

test('a model that there is not is refused, and so is one that lacks what it takes or has more', () => {
  const refusal = (arrivals: object) =>
    arrivalModelSchema.safeParse(arrivals).error?.issues[0]?.message;
  const models = 'a model: "constant", "poisson", "ramp", "steps", "spike" or "soak"';
  assert.equal(refusal({ model: 'sawtooth', rate: 1 }), models);
  assert.equal(refusal({ rate: 1 }), models);
  for (const wrong of [
    { model: 'ramp', from: 10 },
    { model: 'constant', rate: 10, to: 20 },
    { model: 'steps', rates: [10] },
    { model: 'spike', rate: 10, peak: 80, afterSeconds: 0, forSeconds: 5 },
  ]) {
    assert.notEqual(refusal(wrong), undefined, JSON.stringify(wrong));
  }
});

test('a rate is a number, or the demand of a day, whose arithmetic is shown', () => {
  assert.equal(perSecond(60), 60);
  assert.equal(describeRate(60), '60/s');
  const demand = { messagesPerDay: 500_000, peakFactor: 4 };
  assert.equal(perSecond(demand), (500_000 / 86_400) * 4);
  assert.equal(describeRate(demand), '500,000 messages a day ÷ 86,400 s × 4 at the peak = 23.1/s');
});

test('what is no rate is refused in words that say what is', () => {
  for (const wrong of ['60', null, {}, { messagesPerDay: 500_000 }, { perDay: 1 }]) {
    const { error } = rateSchema.safeParse(wrong);
    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      ['a number above 0, or { messagesPerDay, peakFactor }'],
      JSON.stringify(wrong),
    );
  }
  for (const wrong of [
    0,
    -1,
    { messagesPerDay: 0.5, peakFactor: 4 },
    { messagesPerDay: 500_000, peakFactor: 0.5 },
    { messagesPerDay: 500_000, peakFactor: 4, users: 3 },
  ]) {
    assert.equal(rateSchema.safeParse(wrong).success, false);
  }
});
