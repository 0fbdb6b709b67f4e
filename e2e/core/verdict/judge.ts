import { type MetricKind, metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { checkEvents } from '../record/checkEvents.ts';
import type { EventSeries } from '../record/event.ts';
import { describeSetAside, isTooDisturbed } from '../record/setAside.ts';
import { designEffect, type EventTally, tallyEvents } from '../statistics/eventTally.ts';
import type { ShareTestPlan } from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach } from '../statistics/verdict.ts';
import { decideNever } from './decideNever.ts';
import { decideShare } from './decideShare.ts';
import type { Decision } from './decision.ts';
import { estimate, NO_ESTIMATE } from './estimate.ts';
import { judgeCapacity } from './judgeCapacity.ts';
import type { Judgement } from './judgement.ts';
import { judgeSlope } from './judgeSlope.ts';
import { lacking, reasonForNoData } from './reasonForNoData.ts';

/**
 * Judges one objective by its events. Pure: the same events give the same verdict wherever it runs.
 *
 * The test is valid at every look, so it matters neither why sampling stopped nor how often it was looked at. All events count, also
 * those that came after the answer was clear: what changed later in the run must be able to change the verdict.
 * @throws HarnessError RECORD_INVALID for events that no verdict may rest on, RangeError for impossible error rates
 */
export function judge(objective: Objective, series: EventSeries, rates: ErrorRates): Judgement {
  checkEvents(objective, series.events);
  const { allowedShare } = objective;
  const plan = { allowedShare, passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) };
  const metric = metricOf(objective.metric);
  const tally = tallyEvents(allowedShare, series.events, metric);
  const byAll = BY_ALL_EVENTS[metric.kind];
  const decided =
    byAll === undefined
      ? {
          ...estimate(objective, series.events, tally, plan),
          ...decide(objective, series, tally, plan),
        }
      : { ...NO_ESTIMATE, ...byAll(objective, series, rates) };
  const judgement = {
    id: objective.id,
    metric: objective.metric,
    unit: objective.unit,
    objective: objective.objective,
    confidence: 1 - rates.falsePass,
    n: tally.n,
    bad: tally.bad,
    setAside: series.setAside?.n ?? 0,
    failed: series.failed,
    designEffect: designEffect(tally),
    ...decided,
  };
  return tellSetAside(judgement, series);
}

/** Says what was set aside, and judges nothing by what is left of too much. */
function tellSetAside(judgement: Judgement, series: EventSeries): Judgement {
  const { setAside, n, reason } = judgement;
  if (setAside === 0) return judgement;
  const aside = describeSetAside(series);
  if (!isTooDisturbed(setAside, n)) return { ...judgement, reason: `${reason}; ${aside}` };
  const tooMuch = `${aside}, which is more than 10 % of them; of the rest, ${reason}`;
  return { ...judgement, verdict: 'inconclusive', reason: tooMuch, stillNeeded: null };
}

/** What is no count of bad events. */
const BY_ALL_EVENTS: Partial<Record<MetricKind, typeof judgeSlope>> = {
  growth: judgeSlope,
  capacity: judgeCapacity,
};

function decide(
  objective: Objective,
  series: EventSeries,
  tally: EventTally,
  plan: ShareTestPlan,
): Decision {
  const { n, bad } = tally;
  if (n === 0) {
    // What was recorded and cannot be true speaks neither for the target nor against it.
    const verdict = series.whyMissing === undefined ? 'fail' : 'inconclusive';
    return { verdict, reason: reasonForNoData(series), stillNeeded: null };
  }
  const decision =
    plan.allowedShare === 0
      ? decideNever(objective, bad, n, plan.passAlpha)
      : decideShare(objective, tally, plan);
  if (decision.verdict !== 'pass' || series.missing === 0) return decision;
  const reason = `${lacking(series)}, so nothing can pass; of the rest, ${decision.reason}`;
  return { verdict: 'inconclusive', reason, stillNeeded: null };
}
