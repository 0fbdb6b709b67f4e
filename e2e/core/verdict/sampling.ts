import type { Objective } from '../budget/objective.ts';
import type { EventTally } from '../statistics/eventTally.ts';
import { smallestToPass } from '../statistics/sampleSize.ts';
import { foreseeVerdict, shareTest } from '../statistics/shareTest.ts';
import {
  type ErrorRates,
  type ShareTestPlan,
  testLevels,
  type VerdictName,
} from '../statistics/verdict.ts';
import { formatCount } from './format.ts';

export type ObjectiveProgress = {
  n: number;
  verdict: VerdictName;
  /** The sample budget is used up. */
  exhausted: boolean;
  /** From 1 (no evidence) to 0 (clear); it falls about evenly with n, like the logarithm of the evidence. */
  distance: number;
  /** Further events until it is clear, if they go on as before; null if it is clear or not foreseeable. */
  stillNeeded: number | null;
  /** In words: `about 40 more to pass`. */
  words: string;
};

/** How far an objective is from a clear verdict, by its events so far. May be called at any time: the test is valid at every look. */
export function samplingProgress(
  objective: Objective,
  tally: EventTally,
  rates: ErrorRates,
): ObjectiveProgress {
  const { sampleBudget, allowedShare } = objective;
  const { n } = tally;
  const state =
    allowedShare === 0
      ? zeroToleranceState(tally, sampleBudget)
      : shareState(tally, { allowedShare, ...testLevels(rates) });
  const exhausted = n >= sampleBudget;
  const { verdict, distance, stillNeeded } = state;
  const words = describe(state, exhausted, sampleBudget);
  return { n, verdict, exhausted, distance, stillNeeded, words };
}

type State = Pick<ObjectiveProgress, 'verdict' | 'distance' | 'stillNeeded'> & {
  towards: 'pass' | 'fail';
};

function zeroToleranceState({ n, bad }: EventTally, sampleBudget: number): State {
  if (bad > 0) return { verdict: 'fail', distance: 0, stillNeeded: null, towards: 'fail' };
  const left = Math.max(0, sampleBudget - n);
  return {
    verdict: left === 0 ? 'pass' : 'inconclusive',
    distance: left / sampleBudget,
    stillNeeded: left === 0 ? null : left,
    towards: 'pass',
  };
}

function shareState(tally: EventTally, plan: ShareTestPlan): State {
  const { verdict, towardsPass, towardsFail, isOneBurst } = shareTest(plan)(tally);
  const towards = towardsFail > towardsPass ? 'fail' : 'pass';
  if (verdict !== 'inconclusive') return { verdict, distance: 0, stillNeeded: null, towards };
  if (tally.n === 0) {
    return { verdict, distance: 1, stillNeeded: smallestToPass(plan), towards: 'pass' };
  }
  const foresight = isOneBurst ? null : foreseeVerdict(tally, plan);
  return {
    verdict,
    // One burst is not enough, however strong the evidence.
    distance: Math.max(isOneBurst ? 0.01 : 0, 1 - Math.max(towardsPass, towardsFail)),
    stillNeeded: foresight === null ? null : foresight.n - tally.n,
    towards: foresight?.verdict ?? towards,
  };
}

function describe(state: State, exhausted: boolean, sampleBudget: number): string {
  if (state.verdict !== 'inconclusive') return `clear: ${state.verdict}`;
  if (exhausted) return `open, and the sample budget of ${formatCount(sampleBudget)} is used up`;
  if (state.stillNeeded === null) return 'open, and it cannot be foreseen for how long';
  return `about ${formatCount(state.stillNeeded)} more to ${state.towards}`;
}
