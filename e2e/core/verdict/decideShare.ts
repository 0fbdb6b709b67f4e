import { type Objective, percent } from '../budget/objective.ts';
import type { EventTally } from '../statistics/eventTally.ts';
import { type Foresight, foreseeVerdict } from '../statistics/foreseeVerdict.ts';
import { shareBounds } from '../statistics/shareBounds.ts';
import { FEWEST_BURSTS_TO_FAIL, shareTest } from '../statistics/shareTest.ts';
import type { ShareTestPlan } from '../statistics/shareTestPlan.ts';
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
  const effect = state.designEffect ?? 1;
  const [lower, upper] = shareBounds(bad, n, plan, effect);
  const inBursts =
    effect < MARKED_DESIGN_EFFECT ? '' : `, in bursts (design effect ${effect.toFixed(1)})`;
  const seen = `${bad === 0 ? 'none' : formatCount(bad)} of ${formatCount(n)} ${describeBad(objective)}${inBursts}`;
  const allowed = `${percent(plan.allowedShare)} may`;
  const atMost = `${percent(upper, 3)} (at ${percent(1 - plan.passAlpha)})`;
  const atLeast = `${percent(lower, 3)} (at ${percent(1 - plan.failAlpha, 4)})`;
  if (state.verdict !== 'inconclusive') {
    const bound = state.verdict === 'pass' ? `at most ${atMost}` : `at least ${atLeast}`;
    return { verdict: state.verdict, reason: `${seen}: ${bound}, ${allowed}`, stillNeeded: null };
  }
  if (state.heldBackBy !== null) {
    const reason = `${seen}: ${heldBack(state.bursts)}`;
    return { verdict: 'inconclusive', reason, stillNeeded: null };
  }
  const foresight = foreseeVerdict(tally, plan);
  const range = bad === 0 ? `at most ${atMost}` : `between ${atLeast} and ${atMost}`;
  return {
    verdict: 'inconclusive',
    reason: `${seen}: ${range}, ${allowed}; ${describeForesight(foresight, n, objective.sampleBudget)}`,
    stillNeeded: foresight.kind === 'clear' ? foresight.n - n : null,
  };
}

function heldBack(bursts: number): string {
  return `too many, but in ${bursts} ${bursts === 1 ? 'burst' : 'bursts'}, and it takes ${FEWEST_BURSTS_TO_FAIL} separate ones to tell a rule from a mishap; a longer run would`;
}

function describeForesight(foresight: Foresight, n: number, sampleBudget: number): string {
  if (foresight.kind === 'boundary') {
    return 'so close to what is allowed that no foreseeable number settles it';
  }
  const more = `${formatCount(foresight.n - n)} more would settle it as a ${foresight.verdict} if they go on like this`;
  if (foresight.n <= sampleBudget) return more;
  return `${more}, beyond the sample budget of ${formatCount(sampleBudget)}`;
}
