import { checkEvents } from './checkEvents.ts';
import { describeBad } from './describeBad.ts';
import { type ErrorRates, falseFailEach } from './errorRates.ts';
import { estimate, NO_ESTIMATE } from './estimate.ts';
import type { EventSeries } from './event.ts';
import { eventsNeeded } from './eventsNeeded.ts';
import { exactLowerBound, exactUpperBound } from './exactBound.ts';
import { fixedSampleTest, type ShareTestPlan } from './fixedSampleTest.ts';
import { type Objective, percent } from './objective.ts';
import type { Judgement } from './verdict.ts';

type Decision = Pick<Judgement, 'verdict' | 'reason' | 'stillNeeded'>;

/**
 * Judges one objective by its events. Pure: the same events give the same verdict wherever it runs.
 *
 * The test is exact for the number of events that was planned. Fewer sent than planned can fail but not pass, since a run that stops
 * when it looks good would pass too often; requests that failed or lack a value were sent, so they do not count as fewer. More than
 * planned are all judged: a workload that does not look at its results cannot have chosen them.
 * @throws HarnessError RECORD_INVALID for events that no verdict may rest on
 */
export function judge(objective: Objective, series: EventSeries, rates: ErrorRates): Judgement {
  checkEvents(objective, series.events);
  const { events, failed } = series;
  const plan = {
    allowedShare: objective.allowedShare,
    passAlpha: rates.falsePass,
    failAlpha: falseFailEach(rates),
  };
  const bad = events.filter((event) => event.bad).length;
  return {
    id: objective.id,
    metric: objective.metric,
    unit: objective.unit,
    objective: objective.objective,
    confidence: 1 - rates.falsePass,
    n: events.length,
    bad,
    failed,
    designEffect: null,
    ...(events.length === 0 ? NO_ESTIMATE : estimate(objective, events, plan)),
    ...decide(objective, series, bad, plan),
  };
}

function decide(objective: Objective, series: EventSeries, bad: number, plan: ShareTestPlan) {
  const n = series.events.length;
  if (n === 0) return noData(series);
  const decision =
    plan.allowedShare === 0
      ? decideNever(objective, bad, n, plan)
      : decideShare(objective, series, bad, plan);
  if (decision.verdict !== 'pass' || series.missing === 0) return decision;
  const reason = `${series.missing} answered requests have no value recorded, so nothing can pass; of the rest, ${decision.reason}`;
  return { verdict: 'inconclusive', reason, stillNeeded: null } satisfies Decision;
}

function noData({ failed, missing }: EventSeries): Decision {
  const why = [
    failed > 0 ? `${failed} requests failed` : '',
    missing > 0 ? `${missing} answered requests have no value recorded` : '',
  ].filter((part) => part !== '');
  const detail = why.length === 0 ? 'nothing was measured' : why.join(', ');
  return { verdict: 'fail', reason: `no data: ${detail}`, stillNeeded: null };
}

/** Not one bad event is allowed: the first decides, and to pass takes the declared number without one. */
function decideNever(objective: Objective, bad: number, n: number, plan: ShareTestPlan): Decision {
  const seen = `${bad === 0 ? 'none in' : `${bad} of`} ${count(n)} ${describeBad(objective)}`;
  if (bad > 0) {
    return { verdict: 'fail', reason: `${seen}: not one may`, stillNeeded: null };
  }
  const upper = exactUpperBound(0, n, plan.passAlpha);
  const reason = `${seen}: below ${percent(upper, 2)} at ${percent(1 - plan.passAlpha)}`;
  const stillNeeded = objective.sampleSize - n;
  if (stillNeeded <= 0) return { verdict: 'pass', reason, stillNeeded: null };
  return {
    verdict: 'inconclusive',
    reason: `${reason}; ${count(objective.sampleSize)} were to be judged, ${count(stillNeeded)} are missing`,
    stillNeeded,
  };
}

function decideShare(
  objective: Objective,
  { events: { length: n }, failed, missing }: EventSeries,
  bad: number,
  plan: ShareTestPlan,
): Decision {
  const { passAlpha, failAlpha } = plan;
  const seen = `${bad === 0 ? 'none' : count(bad)} of ${count(n)} ${describeBad(objective)}`;
  const allowed = `${percent(plan.allowedShare)} may`;
  const atMost = `${percent(exactUpperBound(bad, n, passAlpha), 3)} (at ${percent(1 - passAlpha)})`;
  const atLeast = `${percent(exactLowerBound(bad, n, failAlpha), 3)} (at ${percent(1 - failAlpha, 4)})`;
  const verdict = fixedSampleTest(bad, n, plan);
  if (verdict === 'fail') {
    return { verdict, reason: `${seen}: at least ${atLeast}, ${allowed}`, stillNeeded: null };
  }
  const unsent = objective.sampleSize - n - failed - missing;
  if (unsent > 0) {
    const reason = `${seen}; ${count(objective.sampleSize)} were planned, ${count(unsent)} were not sent`;
    return { verdict: 'inconclusive', reason, stillNeeded: unsent };
  }
  if (verdict === 'pass') {
    return { verdict, reason: `${seen}: at most ${atMost}, ${allowed}`, stillNeeded: null };
  }
  const needed = eventsNeeded(bad, n, (someBad, size) => fixedSampleTest(someBad, size, plan));
  const outlook =
    needed === null
      ? `so close to what is allowed that no foreseeable number settles it`
      : `${count(needed.n - n)} more would settle it as a ${needed.verdict} if they go on like this`;
  return {
    verdict,
    reason: `${seen}: between ${atLeast} and ${atMost}, ${allowed}; ${outlook}`,
    stillNeeded: needed === null ? null : needed.n - n,
  };
}

/** 2301 → "2,301". */
function count(n: number): string {
  return n.toLocaleString('en-US');
}
