import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import { judgeGrowth } from '../statistics/growth.ts';
import type { Interval, TestLevels, VerdictName } from '../statistics/verdict.ts';
import { formatCount, formatValue } from './format.ts';
import type { Decision } from './judgement.ts';

/** The test holds for one look at a declared number of events, so the objective does not pass with fewer. */
export function judgeSlope(
  { objective: most, unit, sampleBudget }: Objective,
  { events, iterationsBetween = 1 }: EventSeries,
  levels: TestLevels,
): Decision {
  const n = events.length;
  const { perIteration, interval, verdict } = judgeGrowth(
    // Several uses may lie between two events; growth is stated per use.
    events.map(({ value }) => (value ?? Number.NaN) / iterationsBetween),
    { ...levels, mostPerIteration: most },
  );
  const growth = describeGrowth(verdict, interval, unit);
  const reason = `grows ${growth} over ${describeSpan(n * iterationsBetween, unit)}, ${formatValue(most, unit)} is allowed`;
  const slope = { estimate: perIteration, interval, stillNeeded: null };
  if (verdict === 'fail' || n >= sampleBudget) return { ...slope, verdict, reason };
  const lacking = `${sampleBudget - n} of ${sampleBudget} values are missing`;
  return { ...slope, verdict: 'inconclusive', reason: `${reason}; ${lacking}` };
}

/** `1,000 uses`, or `7,200 requests` for a metric that is stated per 1,000 requests. */
function describeSpan(span: number, unit: string): string {
  return unit.endsWith('/1,000 requests')
    ? `${formatCount(Math.round(span * 1000))} requests`
    : `${formatCount(span)} uses`;
}

function describeGrowth(verdict: VerdictName, [lower, upper]: Interval, unit: string): string {
  if (verdict === 'fail' && lower !== null) return `by at least ${formatValue(lower, unit)}`;
  if (upper === null) return 'by an amount that so few do not bound';
  return `by at most ${formatValue(upper, unit)}`;
}
