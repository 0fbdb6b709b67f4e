import { z } from 'zod';

const SECONDS_PER_DAY = 86_400;

/** What a product expects of a day, from which its rate follows. */
const demand = z.strictObject({
  messagesPerDay: z.int().positive().describe('Messages of a whole day'),
  peakFactor: z
    .number()
    .min(1)
    .describe('By how much the busiest time exceeds the mean of the day'),
});

/** A rate, as a number of requests per second or as the arithmetic that it follows from. */
export const rateSchema = z
  .union([z.number().positive(), demand], {
    error: 'a number above 0, or { messagesPerDay, peakFactor }',
  })
  .describe('Requests per second: a number, or the demand of a day that it follows from');

type Rate = z.infer<typeof rateSchema>;

/** In requests per second. */
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

/** How requests arrive in an open workload model: whatever becomes of them, the next one comes when it is due. */
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

/** A time in which the rate goes evenly from one value to another, in requests per second. */
export type RatePiece = { seconds: number; from: number; to: number };

/** The rate over the whole duration. Where a spike or a ramp lasts longer than that, what lies beyond is left out. */
export function rateProfile(arrivals: ArrivalModel, durationSeconds: number): RatePiece[] {
  const steady = (rate: number, seconds: number): RatePiece => ({ seconds, from: rate, to: rate });
  switch (arrivals.model) {
    case 'constant':
    case 'poisson':
      return [steady(perSecond(arrivals.rate), durationSeconds)];
    case 'ramp':
      return [
        { seconds: durationSeconds, from: perSecond(arrivals.from), to: perSecond(arrivals.to) },
      ];
    case 'steps':
      return arrivals.rates.map((rate) =>
        steady(perSecond(rate), durationSeconds / arrivals.rates.length),
      );
    case 'spike': {
      const { rate, peak, afterSeconds, forSeconds } = arrivals;
      const rest = Math.max(0, durationSeconds - afterSeconds - forSeconds);
      return firstSeconds(
        [
          steady(perSecond(rate), afterSeconds),
          steady(perSecond(peak), forSeconds),
          steady(perSecond(rate), rest),
        ],
        durationSeconds,
      );
    }
    case 'soak': {
      const rate = perSecond(arrivals.rate);
      const { rampSeconds } = arrivals;
      const ramp = { seconds: rampSeconds, from: 0, to: rate };
      return firstSeconds(
        [ramp, steady(rate, Math.max(0, durationSeconds - rampSeconds))],
        durationSeconds,
      );
    }
  }
}

/** The highest rate of all, in requests per second. */
export function highestRate(pieces: readonly RatePiece[]): number {
  return Math.max(0, ...pieces.flatMap(({ from, to }) => [from, to]));
}

/** Requests that are expected over the whole. */
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

/** What of it lies within the first so many seconds. */
export function firstSeconds(pieces: readonly RatePiece[], seconds: number): RatePiece[] {
  let left = seconds;
  return pieces.flatMap(({ seconds: whole, from, to }) => {
    const taken = Math.min(whole, left);
    left -= taken;
    return taken <= 0 ? [] : [{ seconds: taken, from, to: from + ((to - from) * taken) / whole }];
  });
}
