import { type Objective, percent } from '../budget/objective.ts';
import type { EventTally } from '../statistics/eventTally.ts';
import {
  type Foresight,
  foreseeVerdict,
  type ShareTestPlan,
  type ShareTestState,
  shareBounds,
  shareTest,
} from '../statistics/shareTest.ts';
import { type Decision, formatCount } from './decision.ts';
import { describeBad } from './describeBad.ts';

/** From here on it is worth a word. */
const MARKED_DESIGN_EFFECT = 1.5;

/** Decides an objective that allows a share of bad events, by the sequential test, in words that carry the figures. */
export function decideShare(
  objective: Objective,
  tally: EventTally,
  plan: ShareTestPlan,
): Decision {
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
