import type { Objective } from '../budget/objective.ts';
import type { EventTally } from '../statistics/eventTally.ts';
import { smallestToPass } from '../statistics/sampleSize.ts';
import { foreseeVerdict, shareTest } from '../statistics/shareTest.ts';
import { type ErrorRates, falseFailEach, type VerdictName } from '../statistics/verdict.ts';
import { formatCount } from './format.ts';

/** How far one objective is from an answer. */
export type ObjectiveProgress = {
  id: string;
  n: number;
  bad: number;
  verdict: VerdictName;
  /** The sample budget is used up. */
  exhausted: boolean;
  /** 0: clear. 1: nothing known yet. On the scale of the logarithm of the evidence, which grows about evenly with n. */
  distance: number;
  /** Events until it is clear if they go on as they did; null when clear or not foreseeable. */
  stillNeeded: number | null;
  /** The same for a reader: `about 40 more to pass`. */
  words: string;
};

/**
 * Says how far an objective is from clear, from the tally of its events so far. To be asked as often as one likes: the test behind it
 * is valid at every look.
 */
export function samplingProgress(
  objective: Objective,
  tally: EventTally,
  rates: ErrorRates,
): ObjectiveProgress {
  const { id, sampleBudget, allowedShare } = objective;
  const { n, bad } = tally;
  const state =
    allowedShare === 0 ? stateOfNever(tally, sampleBudget) : stateOfShare(objective, tally, rates);
  const exhausted = n >= sampleBudget;
  const { verdict, distance, stillNeeded } = state;
  const words = describe(state, exhausted, sampleBudget);
  return { id, n, bad, verdict, exhausted, distance, stillNeeded, words };
}

type State = Pick<ObjectiveProgress, 'verdict' | 'distance' | 'stillNeeded'> & {
  towards: 'pass' | 'fail';
};

function stateOfNever({ n, bad }: EventTally, sampleBudget: number): State {
  if (bad > 0) return { verdict: 'fail', distance: 0, stillNeeded: null, towards: 'fail' };
  const left = Math.max(0, sampleBudget - n);
  return {
    verdict: left === 0 ? 'pass' : 'inconclusive',
    distance: left / sampleBudget,
    stillNeeded: left === 0 ? null : left,
    towards: 'pass',
  };
}

function stateOfShare({ allowedShare }: Objective, tally: EventTally, rates: ErrorRates): State {
  const plan = { allowedShare, passAlpha: rates.falsePass, failAlpha: falseFailEach(rates) };
  const { verdict, towardsPass, towardsFail, heldBackBy } = shareTest(plan)(tally);
  const towards = towardsFail > towardsPass ? 'fail' : 'pass';
  if (verdict !== 'inconclusive') return { verdict, distance: 0, stillNeeded: null, towards };
  if (tally.n === 0) {
    return { verdict, distance: 1, stillNeeded: smallestToPass(plan), towards: 'pass' };
  }
  const foresight = heldBackBy === null ? foreseeVerdict(tally, plan) : null;
  const clear = foresight?.kind === 'clear' ? foresight : null;
  return {
    verdict,
    // Evidence that bursts hold back is not enough, however much it is.
    distance: Math.max(heldBackBy === null ? 0 : 0.01, 1 - Math.max(towardsPass, towardsFail)),
    stillNeeded: clear === null ? null : clear.n - tally.n,
    towards: clear?.verdict ?? towards,
  };
}

function describe(state: State, exhausted: boolean, sampleBudget: number): string {
  if (state.verdict !== 'inconclusive') return `clear: ${state.verdict}`;
  if (exhausted) return `open, and the sample budget of ${formatCount(sampleBudget)} is used up`;
  if (state.stillNeeded === null) return 'open, and not to be foreseen for how long';
  return `about ${formatCount(state.stillNeeded)} more to ${state.towards}`;
}
