import { type MetricKind, metricOf } from '../budget/metrics.ts';
import { type Objective, percent } from '../budget/objective.ts';
import { checkEvents, type EventSeries } from '../record/event.ts';
import { describeSetAside, isTooDisturbed } from '../record/setAside.ts';
import { exactUpperBound } from '../statistics/binomial.ts';
import { designEffect, type EventTally, tallyEvents } from '../statistics/eventTally.ts';
import {
  type Foresight,
  foreseeVerdict,
  type ShareTestPlan,
  type ShareTestState,
  shareBounds,
  shareTest,
} from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach } from '../statistics/verdict.ts';
import { estimate, NO_ESTIMATE } from './estimate.ts';
import { formatCount } from './format.ts';
import { judgeCapacity } from './judgeCapacity.ts';
import type { Judgement } from './judgement.ts';
import { judgeSlope } from './judgeSlope.ts';
import { describeBad, lacking, reasonForNoData } from './reasons.ts';

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
      ? decideZeroTolerance(objective, bad, n, plan.passAlpha)
      : decideShare(objective, tally, plan);
  if (decision.verdict !== 'pass' || series.missing === 0) return decision;
  const reason = `${lacking(series)}, so nothing can pass; of the rest, ${decision.reason}`;
  return { verdict: 'inconclusive', reason, stillNeeded: null };
}

/** The part of a judgement that a rule decides. */
type Decision = Pick<Judgement, 'verdict' | 'reason' | 'stillNeeded'>;

/** From here on it is worth a word. */
const MARKED_DESIGN_EFFECT = 1.5;

/** Decides an objective that allows a share of bad events, by the sequential test, in words that carry the figures. */
function decideShare(objective: Objective, tally: EventTally, plan: ShareTestPlan): Decision {
  const { n, bad } = tally;
  const state = shareTest(plan)(tally);
  const [lower, upper] = shareBounds(tally, plan);
  const seen = `${bad === 0 ? 'none' : formatCount(bad)} of ${formatCount(n)} ${describeBad(objective)}${describeBursts(tally, state)}`;
  const allowed = `${percent(plan.allowedShare)} may`;
  const atMost = `${percent(upper, 3)} (at ${percent(1 - plan.passAlpha)})`;
  const atLeast = `${percent(lower, 3)} (at ${percent(1 - plan.failAlpha, 4)})`;
  if (state.verdict !== 'inconclusive') {
    const bound = state.verdict === 'pass' ? `at most ${atMost}` : `at least ${atLeast}`;
    return { verdict: state.verdict, reason: `${seen}: ${bound}, ${allowed}`, stillNeeded: null };
  }
  if (state.heldBackBy !== null) {
    const reason = `${seen}: too many, but one burst may be a single mishap; a longer run shows whether it comes again`;
    return { verdict: 'inconclusive', reason, stillNeeded: null };
  }
  const foresight = foreseeVerdict(tally, plan);
  const range = lower === 0 ? `at most ${atMost}` : `between ${atLeast} and ${atMost}`;
  return {
    verdict: 'inconclusive',
    reason: `${seen}: ${range}, ${allowed}; ${describeForesight(foresight, n, objective.sampleBudget)}`,
    stillNeeded: foresight.kind === 'clear' ? foresight.n - n : null,
  };
}

/** What bursts do to the evidence: a pass counts fewer events, and a fail counts bursts. */
function describeBursts({ n, bad }: EventTally, state: ShareTestState): string {
  const { designEffect, bursts, verdict, heldBackBy } = state;
  if (heldBackBy !== null) return ', all in one burst';
  if (designEffect === null || designEffect < MARKED_DESIGN_EFFECT) return '';
  if (verdict === 'fail') return `, in ${formatCount(bursts)} ${bursts === 1 ? 'burst' : 'bursts'}`;
  const [few, all] = [bad / designEffect, n / designEffect].map((count) =>
    formatCount(round(count)),
  );
  return `, in bursts, so that they count as ${few} of ${all}`;
}

/** 13.4 → 13, 1.3 → 1.3. */
function round(count: number): number {
  return count < 10 ? Math.round(10 * count) / 10 : Math.round(count);
}

function describeForesight(foresight: Foresight, n: number, sampleBudget: number): string {
  if (foresight.kind === 'boundary') {
    return 'so close to what is allowed that no foreseeable number settles it';
  }
  const more = `${formatCount(foresight.n - n)} more would settle it as a ${foresight.verdict} if they go on like this`;
  if (foresight.n <= sampleBudget) return more;
  return `${more}, beyond the sample budget of ${formatCount(sampleBudget)}`;
}

/**
 * Decides an objective that allows not one bad event: the first decides, and to pass takes the declared number without one. No number
 * establishes "never", so the reason says what this one does.
 */
function decideZeroTolerance(
  objective: Objective,
  bad: number,
  n: number,
  passAlpha: number,
): Decision {
  const seen = `${bad === 0 ? 'none in' : `${formatCount(bad)} of`} ${formatCount(n)} ${describeBad(objective)}`;
  if (bad > 0) return { verdict: 'fail', reason: `${seen}: not one may`, stillNeeded: null };
  const upper = exactUpperBound(0, n, passAlpha);
  const reason = `${seen}: below ${percent(upper, 2)} at ${percent(1 - passAlpha)}`;
  const stillNeeded = objective.sampleBudget - n;
  if (stillNeeded <= 0) return { verdict: 'pass', reason, stillNeeded: null };
  return {
    verdict: 'inconclusive',
    reason: `${reason}; ${formatCount(objective.sampleBudget)} were to be judged, ${formatCount(stillNeeded)} are missing`,
    stillNeeded,
  };
}
