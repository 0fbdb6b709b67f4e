import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeRate, perSecond, rateSchema } from './rate.ts';

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
