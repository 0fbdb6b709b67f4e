import assert from 'node:assert/strict';
import type { Objective } from '../../../core/budget/objective.ts';
import { type Event, type EventSeries, isBad, type RateStep } from '../../../core/record/event.ts';
import { availability } from '../../../core/testing/objectives.ts';
import { seriesOf } from '../../../core/testing/seriesOf.ts';
import { judge } from '../../../core/verdict/judge.ts';
import { METRICS } from '../../../metrics/metrics.ts';
import type { Judged } from '../plotObjective.ts';

export const RATES = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };

/** Judges these values for a plot. */
export function judged(objective: Objective, values: number[], { failed = 0 } = {}): Judged {
  const series = seriesOf(objective, values, { failed });
  return { objective, series, judgement: judge(objective, series, RATES), rates: RATES };
}

/** The fractional parts of its multiples are evenly distributed over 0 … 1 (Weyl). */
const GOLDEN_RATIO = 0.618_033_988_75;

/** Latencies from 200 ms with a tail, the same at each call. */
export function latencies(n: number): number[] {
  return Array.from({ length: n }, (_, at) => {
    const share = ((at + 1) * GOLDEN_RATIO) % 1;
    return Math.round((200 + 150 * Math.sqrt(-Math.log(1 - share))) * 10) / 10;
  });
}

/** More than 60 requests/s must be kept up. */
export const capacity: Objective = {
  ...availability,
  id: 'capacity.rate',
  operation: 'capacity',
  workload: 'capacity',
  metric: METRICS.rate,
  unit: 'requests/s',
  objective: 60,
  keptBelowMs: 500,
  allowedShare: 0.05,
  sampleBudget: 20_000,
};

/** A step of eight seconds: the response times of an idle service times `slowness`, and `failed` of each hundred failed. */
export function stepAt(
  ratePerSecond: number,
  slowness: number,
  { failed = 0, interference = null }: { failed?: number; interference?: string | null } = {},
): RateStep {
  const values = latencies(Math.round(ratePerSecond * 8));
  const events = values.map((value, at): Event => {
    const isFailed = at % 100 < failed;
    const ms = isFailed ? null : value * slowness;
    const bad = ms === null || isBad(ms, capacity);
    const atMs = 1_800_000_000_000 + (at * 1000) / ratePerSecond;
    const id = `5f3a9c1e-${ratePerSecond}-${at}`;
    return { id, atMs, bad, value: ms, requestId: null, tenant: null };
  });
  return { ratePerSecond, events, interference };
}

/** The events of a search with these steps. */
export function searchSeries(steps: RateStep[]): EventSeries {
  return { events: steps.flatMap(({ events }) => [...events]), failed: 0, missing: 0, steps };
}

/** Steps around a knee between 73 and 79 requests/s, with every possible outcome of a step. */
export const STEPS = [
  stepAt(20, 0.8),
  stepAt(30, 0.81),
  stepAt(45, 0.86),
  stepAt(68, 1.02),
  stepAt(102, 14, { failed: 9 }),
  stepAt(83, 2.4),
  stepAt(75, 1.1, { interference: 'the AI mock used 97 % of a core, all that one thread can' }),
  stepAt(72, 1.09),
];

/** The texts of an SVG, with XML's own entities unescaped. */
export function svgTexts(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&'),
  );
}

export function assertTexts(texts: string[], expected: string[]): void {
  for (const text of expected) {
    assert.ok(texts.includes(text), `${text} is not in ${texts.join(' | ')}`);
  }
}
