import { logarithm } from '../portable/logarithm.ts';
import type { VerdictName } from '../verdict/verdict.ts';
import { designEffect } from './designEffect.ts';
import type { EventTally } from './eventTally.ts';
import { FAIL_PRIOR, mixtureEvidence, PASS_PRIOR } from './mixtureEvidence.ts';
import type { ShareTestPlan } from './shareTestPlan.ts';

/** Above this design effect few independent events stand behind a pass, and the effect itself is known from few bursts. */
const MARKED_DESIGN_EFFECT = 2;
/**
 * By so much more evidence is then discounted. At a share of 5 % in bursts of 3 to 30 that lets no more runs pass falsely than to pass none
 * of them at all (within 0.3 of 100, 400 runs each), and at 1 % in bursts of 3 it lets 99 of 100 pass instead of 86.
 */
const MARGIN_TO_PASS = 3;
/** Fewer separate bursts than this are a mishap, not a share. */
export const FEWEST_BURSTS_TO_FAIL = 5;

/** Where the test of a share stands. */
export type ShareTestState = {
  verdict: VerdictName;
  /** Evidence so far as a share of what the verdict takes, on a logarithmic scale: 0 for none, 1 and more for enough. */
  towardsPass: number;
  towardsFail: number;
  /** Null without a bad event. */
  designEffect: number | null;
  /** Separate bursts of bad events. */
  bursts: number;
  /** What alone stands between the evidence and a verdict. */
  heldBackBy: 'bursts' | null;
};

/**
 * Makes the test of a share of bad events in both directions, valid at every look: two mixture martingales, whose evidence is discounted
 * by the design effect. Guaranteed for independent events; against bursts it fails with reserve (`npm run calibrate` shows by how much).
 */
export function shareTest(plan: ShareTestPlan): (tally: EventTally) => ShareTestState {
  const evidence = evidenceOfCounts(plan);
  return (tally) => {
    const effect = designEffect(tally);
    const towards = evidence(tally.bad, tally.n, effect ?? 1);

    const { bursts } = tally;
    const state = { ...towards, designEffect: effect, bursts };
    if (towards.towardsFail >= 1) {
      return bursts >= FEWEST_BURSTS_TO_FAIL
        ? { ...state, verdict: 'fail', heldBackBy: null }
        : { ...state, verdict: 'inconclusive', heldBackBy: 'bursts' };
    }
    const verdict = towards.towardsPass >= 1 ? 'pass' : 'inconclusive';
    return { ...state, verdict, heldBackBy: null };
  };
}

/** Makes what the test says of counts alone, at a design effect that is taken as given. */
export function verdictOfCounts(
  plan: ShareTestPlan,
  effect = 1,
): (bad: number, n: number) => VerdictName {
  const evidence = evidenceOfCounts(plan);
  return (bad, n) => {
    const { towardsPass, towardsFail } = evidence(bad, n, effect);
    if (towardsFail >= 1) return 'fail';
    return towardsPass >= 1 ? 'pass' : 'inconclusive';
  };
}

function evidenceOfCounts({ allowedShare, passAlpha, failAlpha }: ShareTestPlan) {
  const forPass = mixtureEvidence(allowedShare, PASS_PRIOR);
  const forFail = mixtureEvidence(allowedShare, FAIL_PRIOR);
  return (bad: number, n: number, effect: number) => {
    const toPass = effect > MARKED_DESIGN_EFFECT ? effect * MARGIN_TO_PASS : effect;
    // On the other side of the allowed share no likelihood ratio reaches 1, so nothing is lost by not looking.
    const isAbove = bad > n * allowedShare;
    return {
      towardsPass: isAbove
        ? 0
        : Math.max(0, forPass(bad / toPass, n / toPass) / -logarithm(passAlpha)),
      towardsFail: isAbove
        ? Math.max(0, forFail(bad / effect, n / effect) / -logarithm(failAlpha))
        : 0,
    };
  };
}
