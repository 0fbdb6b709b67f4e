import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import { judgeGrowth } from '../statistics/growth.ts';
import { type ErrorRates, falseFailEach } from '../statistics/verdict.ts';
import { formatCount, formatValue } from './format.ts';
import type { Judgement } from './judgement.ts';
import { reasonForNoData } from './reasons.ts';

/** Fewer than two values have no slope. */
const FEWEST = 2;

type Slope = Pick<Judgement, 'estimate' | 'interval' | 'verdict' | 'reason' | 'stillNeeded'>;

/**
 * Judges by how much values grow from one event to the next. The number of events was declared beforehand and is looked at once, so fewer
 * than that, or one without a value, are no ground for a pass.
 */
export function judgeSlope(objective: Objective, series: EventSeries, rates: ErrorRates): Slope {
  const { events, missing, usesBetween = 1 } = series;
  const { objective: most, unit, sampleBudget } = objective;
  const n = events.length;
  if (n < FEWEST) {
    const reason = reasonForNoData(series, isByThousands(unit) ? 'requests' : 'uses');
    const verdict = series.whyMissing === undefined ? 'fail' : 'inconclusive';
    return { estimate: null, interval: [null, null], stillNeeded: null, verdict, reason };
  }
  const { perIteration, interval, verdict } = judgeGrowth(
    // The slope is that of a single use.
    events.map(({ value }) => (value ?? Number.NaN) / usesBetween),
    { mostPerIteration: most, passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) },
  );
  const slope = { estimate: perIteration, interval, stillNeeded: null };
  const reason = `grows ${describeGrowth(verdict, interval, unit)} over ${describeSpan(n * usesBetween, unit)}, ${formatValue(most, unit)} may`;
  const lacking = [
    n < sampleBudget ? `${sampleBudget - n} of ${sampleBudget} values are missing` : '',
    missing > 0 ? `${missing} lack a value` : '',
  ].filter((part) => part !== '');
  if (verdict === 'fail' || lacking.length === 0) return { ...slope, verdict, reason };
  return { ...slope, verdict: 'inconclusive', reason: [reason, ...lacking].join('; ') };
}

/** `1,000 uses`, or of what counts by the thousand, `7,200 requests`. */
function describeSpan(span: number, unit: string): string {
  return isByThousands(unit)
    ? `${formatCount(Math.round(span * 1000))} requests`
    : `${formatCount(span)} uses`;
}

function isByThousands(unit: string): boolean {
  return unit.endsWith('/1,000 requests');
}

function describeGrowth(
  verdict: Judgement['verdict'],
  [lower, upper]: Judgement['interval'],
  unit: string,
): string {
  if (verdict === 'fail' && lower !== null) return `by at least ${formatValue(lower, unit)}`;
  if (upper === null) return 'by an amount that so few do not bound';
  return `by at most ${formatValue(upper, unit)}`;
}
