import { type Objective, percent } from '../budget/objective.ts';
import { type EventColumns, type EventSeries, readEvents } from '../record/event.ts';
import { describeSetAside, isTooDisturbed } from '../record/setAside.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { designEffect, type EventTally, tallyColumns } from '../statistics/eventTally.ts';
import {
  type Foresight,
  foreseeVerdict,
  type ShareTestState,
  shareBounds,
  shareTest,
} from '../statistics/shareTest.ts';
import { type ErrorRates, type ShareTestPlan, testLevels } from '../statistics/verdict.ts';
import { estimate, NO_ESTIMATE } from './estimate.ts';
import { formatCount } from './format.ts';
import { judgeCapacity } from './judgeCapacity.ts';
import { type Decision, type Judgement, withholdVerdict } from './judgement.ts';
import { judgeRegression } from './judgeRegression.ts';
import { judgeSlope } from './judgeSlope.ts';
import { describeMissing, describeNoData } from './reasons.ts';

/**
 * Judges one objective by its events. Pure: the same events give the same verdict everywhere.
 *
 * The test is valid at every look, so it does not matter when sampling stopped. All events count, also those after the first clear
 * verdict: a change late in the run must be able to change it.
 * @throws HarnessError RECORD_INVALID for events that contradict the objective, RangeError for impossible error rates
 */
export function judge(objective: Objective, series: EventSeries, rates: ErrorRates): Judgement {
  const events = readEvents(objective, series.events);
  const { id, metric, unit, objective: limit, allowedShare } = objective;
  const plan = { allowedShare, ...testLevels(rates) };
  const { bad: numbers, atMs } = events;
  const tally = tallyColumns(allowedShare, { numbers, atMs }, 1, metric);
  const decision = hasNoData(objective, series)
    ? decideWithoutData(objective, series)
    : decide(objective, series, events, plan, tally);
  const judgement = {
    ...{ id, metric: metric.name, unit, objective: limit, confidence: 1 - rates.falsePass },
    ...{ n: tally.n, bad: tally.bad, setAside: series.setAside?.n ?? 0, failed: series.failed },
    designEffect: designEffect(tally),
    ...NO_ESTIMATE,
    ...withholdPass(decision, objective, series),
  };
  return reportSetAside(judgement, series);
}

function hasNoData({ metric }: Objective, { events, steps = [] }: EventSeries): boolean {
  const { kind } = metric;
  if (kind === 'capacity') return steps.length === 0;
  return events.length < (kind === 'growth' ? 2 : 1);
}

/** No data is a fail, unless what was recorded contradicts itself: that says nothing about the target. */
function decideWithoutData(objective: Objective, series: EventSeries): Decision {
  const verdict = series.whyMissing === undefined ? 'fail' : 'inconclusive';
  const reason = describeNoData(series, countedUnit(objective));
  return { verdict, reason, stillNeeded: null };
}

/** An objective does not pass if events are missing. */
function withholdPass(decision: Decision, objective: Objective, series: EventSeries): Decision {
  if (decision.verdict !== 'pass' || series.missing === 0) return decision;
  const lack = describeMissing(series, countedUnit(objective));
  return withholdVerdict(decision, `${lack}, so nothing can pass; of the rest, ${decision.reason}`);
}

function countedUnit({ metric, unit }: Objective): 'uses' | 'requests' {
  return metric.kind === 'growth' && !unit.endsWith('requests') ? 'uses' : 'requests';
}

/** Adds what was set aside; if it is too much, the verdict is inconclusive. */
function reportSetAside(judgement: Judgement, series: EventSeries): Judgement {
  const { setAside, n, verdict, reason } = judgement;
  if (setAside === 0) return judgement;
  const aside = describeSetAside(series);
  if (!isTooDisturbed(setAside, n)) return { ...judgement, reason: `${reason}; ${aside}` };
  const disturbed = `too disturbed to decide, since more than 10 % of the events are set aside (${aside})`;
  // How many more would do is no advice: they would be disturbed too.
  const rest = verdict === 'inconclusive' ? '' : `; of the rest, ${reason}`;
  return withholdVerdict(judgement, `${disturbed}${rest}`);
}

function decide(
  objective: Objective,
  series: EventSeries,
  events: EventColumns,
  plan: ShareTestPlan,
  tally: EventTally,
): Decision {
  const { kind } = objective.metric;
  if (kind === 'growth') return judgeSlope(objective, series, plan);
  if (kind === 'capacity') return judgeCapacity(objective, series, plan);
  if (kind === 'regression') return judgeRegression(objective, series, plan);
  const decideEvents = plan.allowedShare === 0 ? decideZeroTolerance : decideShare;
  return {
    ...estimate(objective, events, tally, plan),
    ...decideEvents(objective, tally, plan),
  };
}

/** A smaller design effect is not mentioned. */
const MARKED_DESIGN_EFFECT = 1.5;

function decideShare(objective: Objective, tally: EventTally, plan: ShareTestPlan): Decision {
  const { n, bad } = tally;
  const state = shareTest(plan)(tally);
  const [lower, upper] = shareBounds(tally, plan);
  const seen = `${bad === 0 ? 'none' : formatCount(bad)} of ${formatCount(n)} ${objective.metric.describeBad(objective)}${describeBursts(tally, state)}`;
  const allowed = `${percent(plan.allowedShare)} is allowed`;
  const [least, most] = [percent(lower, 3), percent(upper, 3)];
  if (state.verdict !== 'inconclusive') {
    const bound =
      state.verdict === 'pass'
        ? `at most ${most} of all (${percent(1 - plan.passAlpha)} confidence)`
        : `at least ${least} of all (${percent(1 - plan.failAlpha, 4)} confidence)`;
    return { verdict: state.verdict, reason: `${seen}: ${bound}, ${allowed}`, stillNeeded: null };
  }
  if (state.isOneBurst) {
    const reason = `${seen}: too many, but one burst may be a single incident; a longer run shows whether it comes again`;
    return { verdict: 'inconclusive', reason, stillNeeded: null };
  }
  const foresight = foreseeVerdict(tally, plan);
  const range = lower === 0 ? `up to ${most}` : `${least} to ${most}`;
  const sure = `${percent(1 - plan.passAlpha)} confidence`;
  const isFew = foresight !== null && (lower === 0 || foresight.n <= objective.sampleBudget);
  const cause = isFew ? 'too few to decide' : 'too near the limit to decide';
  return {
    verdict: 'inconclusive',
    reason: `${seen}: ${cause}, since it may be ${range} of all (${sure}), and ${allowed}; ${describeForesight(foresight, n, objective)}`,
    stillNeeded: foresight === null ? null : foresight.n - n,
  };
}

/** How bursts weaken the evidence: a pass counts fewer events, a fail counts bursts. */
function describeBursts({ n, bad, bursts }: EventTally, state: ShareTestState): string {
  const { designEffect, verdict, isOneBurst } = state;
  if (isOneBurst) return ', all in one burst';
  if (designEffect === null || designEffect < MARKED_DESIGN_EFFECT) return '';
  if (verdict === 'fail') return `, in ${formatCount(bursts)} ${bursts === 1 ? 'burst' : 'bursts'}`;
  // 13.4 → 13, 1.34 → 1.3.
  const [few, all] = [bad / designEffect, n / designEffect].map((count) =>
    formatCount(count < 10 ? Math.round(10 * count) / 10 : Math.round(count)),
  );
  return `, in bursts, so that they count as ${few} of ${all}`;
}

function describeForesight(
  foresight: Foresight | null,
  n: number,
  { sampleBudget, metric }: Objective,
): string {
  if (foresight === null) return 'no foreseeable number of events settles it';
  if (metric.earlierEvents !== undefined)
    return `needs ${formatCount(foresight.n)} ${metric.earlierEvents}, has ${formatCount(n)}`;
  const more = `${formatCount(foresight.n - n)} more would settle it as a ${foresight.verdict} if they go on like this`;
  if (foresight.n <= sampleBudget) return more;
  return `${more}, beyond the sample budget of ${formatCount(sampleBudget)}`;
}

/** The first bad event fails it; the declared number without one passes it. The reason states the bound that this number establishes. */
function decideZeroTolerance(
  objective: Objective,
  { bad, n }: EventTally,
  { passAlpha }: ShareTestPlan,
): Decision {
  const seen = `${bad === 0 ? 'none in' : `${formatCount(bad)} of`} ${formatCount(n)} ${objective.metric.describeBad(objective)}`;
  if (bad > 0) return { verdict: 'fail', reason: `${seen}: not one may`, stillNeeded: null };
  const upper = exactUpperBound(0, n, passAlpha);
  const reason = `${seen}: below ${percent(upper, 2)} of all (${percent(1 - passAlpha)} confidence)`;
  const stillNeeded = objective.sampleBudget - n;
  if (stillNeeded <= 0) return { verdict: 'pass', reason, stillNeeded: null };
  return {
    verdict: 'inconclusive',
    reason: `${reason}; ${formatCount(objective.sampleBudget)} were to be judged, ${formatCount(stillNeeded)} are missing`,
    stillNeeded,
  };
}
