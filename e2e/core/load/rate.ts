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

export type Rate = z.infer<typeof rateSchema>;

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
