import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import { theilSen } from '../trend/theilSen.ts';
import { type ErrorRates, falseFailEach } from './errorRates.ts';
import { formatNumber } from './formatValue.ts';
import type { Judgement } from './verdict.ts';

/** Fewer than two values have no slope. */
const FEWEST = 2;

type Slope = Pick<Judgement, 'estimate' | 'interval' | 'verdict' | 'reason' | 'stillNeeded'>;

/**
 * Judges by how much values grow from one event to the next: their Theil–Sen slope and its interval. The number of events was declared
 * beforehand and is looked at once, so fewer than that are no ground for a pass.
 */
export function judgeSlope(objective: Objective, series: EventSeries, rates: ErrorRates): Slope {
  const values = series.events.map(({ value }) => value ?? Number.NaN);
  const n = values.length;
  if (n < FEWEST) {
    const why =
      series.missing > 0
        ? `${series.missing} uses lack what it takes to judge them`
        : 'nothing was measured';
    const none = { estimate: null, interval: [null, null] as [null, null], stillNeeded: null };
    return { ...none, verdict: 'fail', reason: `no data: ${why}` };
  }
  const { perIteration: estimate, interval } = theilSen(values, {
    lowerAlpha: falseFailEach(rates),
    upperAlpha: rates.falsePass,
  });
  const slope = { estimate, interval, stillNeeded: null };
  const [lower, upper] = interval;
  const { objective: most, unit, sampleBudget } = objective;
  const shown = (value: number): string => `${formatNumber(value, unit)} ${unit}`;
  if (lower !== null && lower > most) {
    return {
      ...slope,
      verdict: 'fail',
      reason: `grows by at least ${shown(lower)} over ${n} uses, ${shown(most)} may`,
    };
  }
  const isBelow = upper !== null && upper <= most;
  const atMost =
    upper === null ? 'by an amount that so few do not bound' : `by at most ${shown(upper)}`;
  const seen = `grows ${atMost} over ${n} uses, ${shown(most)} may`;
  if (isBelow && n >= sampleBudget && series.missing === 0) {
    return { ...slope, verdict: 'pass', reason: seen };
  }
  const lacking = [
    n < sampleBudget ? `${sampleBudget - n} of ${sampleBudget} uses are missing` : '',
    series.missing > 0 ? `${series.missing} lack a value` : '',
  ].filter((part) => part !== '');
  return { ...slope, verdict: 'inconclusive', reason: [seen, ...lacking].join('; ') };
}
