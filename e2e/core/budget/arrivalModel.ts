import { z } from 'zod';

const SECONDS_PER_DAY = 86_400;

/** The messages that a product expects in a day, from which the rate follows. */
const demand = z.strictObject({
  messagesPerDay: z.int().positive().describe('Messages of a whole day'),
  peakFactor: z
    .number()
    .min(1)
    .describe('By how much the busiest time exceeds the mean of the day'),
});

export const rateSchema = z
  .union([z.number().positive(), demand], {
    error: 'a number above 0, or { messagesPerDay, peakFactor }',
  })
  .describe('Requests per second: a number, or the demand of a day that it follows from');

type Rate = z.infer<typeof rateSchema>;

export function perSecond(rate: Rate): number {
  if (typeof rate === 'number') return rate;
  return (rate.messagesPerDay / SECONDS_PER_DAY) * rate.peakFactor;
}

/** `60/s`, or `500,000 messages a day ÷ 86,400 s × 4 at the peak = 23.1/s`. */
export function describeRate(rate: Rate): string {
  const result = `${Number(perSecond(rate).toPrecision(3))}/s`;
  if (typeof rate === 'number') return result;
  const count = (value: number) => value.toLocaleString('en-US');
  return `${count(rate.messagesPerDay)} messages a day ÷ ${count(SECONDS_PER_DAY)} s × ${rate.peakFactor} at the peak = ${result}`;
}

const seconds = z.number().positive();

/** How requests arrive in an open workload model. Each is sent when it is due, even if earlier ones are not answered yet. */
export const arrivalModelSchema = z.discriminatedUnion(
  'model',
  [
    z.strictObject({ model: z.literal('constant'), rate: rateSchema }),
    z.strictObject({ model: z.literal('poisson'), rate: rateSchema }),
    z.strictObject({ model: z.literal('ramp'), from: rateSchema, to: rateSchema }),
    z.strictObject({
      model: z.literal('steps'),
      rates: z
        .array(rateSchema)
        .min(2)
        .max(100)
        .describe('One after the other, for the same time each'),
    }),
    z.strictObject({
      model: z.literal('spike'),
      rate: rateSchema,
      peak: rateSchema,
      afterSeconds: seconds,
      forSeconds: seconds,
    }),
    z.strictObject({
      model: z.literal('soak'),
      rate: rateSchema,
      rampSeconds: seconds.describe('From nothing to the rate, which is held from then on'),
    }),
  ],
  { error: 'a model: "constant", "poisson", "ramp", "steps", "spike" or "soak"' },
);

export type ArrivalModel = z.infer<typeof arrivalModelSchema>;

/** A period in which the rate changes linearly, in requests per second. */
export type RatePiece = { seconds: number; from: number; to: number };

/** The rate over the whole duration; a spike or a ramp that lasts longer is cut off. */
export function rateProfile(arrivals: ArrivalModel, durationSeconds: number): RatePiece[] {
  return cutProfile(endlessProfile(arrivals, durationSeconds), durationSeconds);
}

function endlessProfile(arrivals: ArrivalModel, durationSeconds: number): RatePiece[] {
  const steady = (rate: Rate, seconds = Number.POSITIVE_INFINITY): RatePiece => ({
    seconds,
    from: perSecond(rate),
    to: perSecond(rate),
  });
  switch (arrivals.model) {
    case 'constant':
    case 'poisson':
      return [steady(arrivals.rate)];
    case 'ramp': {
      const [from, to] = [perSecond(arrivals.from), perSecond(arrivals.to)];
      return [{ seconds: durationSeconds, from, to }];
    }
    case 'steps':
      return arrivals.rates.map((rate) => steady(rate, durationSeconds / arrivals.rates.length));
    case 'spike': {
      const { rate, peak, afterSeconds, forSeconds } = arrivals;
      return [steady(rate, afterSeconds), steady(peak, forSeconds), steady(rate)];
    }
    case 'soak': {
      const { rate, rampSeconds } = arrivals;
      return [{ seconds: rampSeconds, from: 0, to: perSecond(rate) }, steady(rate)];
    }
  }
}

/** The part of a profile that lies within its first `seconds`. */
export function cutProfile(pieces: readonly RatePiece[], seconds: number): RatePiece[] {
  let leftSeconds = seconds;
  return pieces.flatMap(({ seconds: whole, from, to }) => {
    const taken = Math.min(whole, leftSeconds);
    leftSeconds -= taken;
    return taken <= 0 ? [] : [{ seconds: taken, from, to: from + ((to - from) * taken) / whole }];
  });
}

export function highestRate(pieces: readonly RatePiece[]): number {
  return Math.max(0, ...pieces.flatMap(({ from, to }) => [from, to]));
}

export function expectedRequests(pieces: readonly RatePiece[]): number {
  return pieces.reduce((sum, { seconds, from, to }) => sum + (seconds * (from + to)) / 2, 0);
}

export function describeArrivals(arrivals: ArrivalModel): string {
  switch (arrivals.model) {
    case 'constant':
      return describeRate(arrivals.rate);
    case 'poisson':
      return `${describeRate(arrivals.rate)}, at random (Poisson)`;
    case 'ramp':
      return `from ${describeRate(arrivals.from)} to ${describeRate(arrivals.to)}`;
    case 'steps':
      return `in steps of ${arrivals.rates.map(describeRate).join(', ')}`;
    case 'spike':
      return `${describeRate(arrivals.rate)}, after ${arrivals.afterSeconds} s ${describeRate(arrivals.peak)} for ${arrivals.forSeconds} s`;
    case 'soak':
      return `${describeRate(arrivals.rate)} after a ramp of ${arrivals.rampSeconds} s`;
  }
}
