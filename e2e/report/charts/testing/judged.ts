import type { Objective } from '../../../core/budget/objective.ts';
import { isBad } from '../../../core/record/isBad.ts';
import { seriesOf } from '../../../core/testing/seriesOf.ts';
import { judge } from '../../../core/verdict/judge.ts';
import type { Judged } from '../plotObjective.ts';

const rates = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };

/** What a plot of these values is made from. */
export function judged(
  objective: Objective,
  values: number[],
  rest: { failed?: number } = {},
): Judged {
  const made = seriesOf(objective, values, rest);
  const events = made.events.map((event) =>
    event.value === null ? event : { ...event, bad: isBad(event.value, objective) },
  );
  const series = { ...made, events };
  return { objective, series, judgement: judge(objective, series, rates), rates };
}

/** The fractions of its multiples fall evenly and in no order over 0 … 1 (Weyl). */
const GOLDEN_RATIO = 0.618_033_988_75;

/** Latencies from 200 ms with a tail, the same at each call. */
export function latencies(n: number): number[] {
  return Array.from({ length: n }, (_, at) => {
    const share = ((at + 1) * GOLDEN_RATIO) % 1;
    return Math.round((200 + 150 * Math.sqrt(-Math.log(1 - share))) * 10) / 10;
  });
}
