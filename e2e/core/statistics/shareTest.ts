import { bisect } from './bisect.ts';
import { designEffect, type EventTally } from './eventTally.ts';
import { failEvidence, mixtureEvidence, PASS_PRIOR } from './shareEvidence.ts';
import type { VerdictName } from './verdict.ts';

/** What a test of a share compares: the share that is allowed, and how often it may err in each direction. */
export type ShareTestPlan = {
  /** In (0, 1). */
  allowedShare: number;
  /** Chance to pass where more is bad than allowed. */
  passAlpha: number;
  /** Chance to fail where no more is bad than allowed. */
  failAlpha: number;
};

/** One burst is a mishap, unless it has at least so many bad events and lasts for more than this part of all events. */
const SEPARATE_BURSTS_TO_FAIL = 2;
const LONE_BURST_TO_FAIL = 100;
const LONE_BURST_PART = 0.5;

/** Beyond this no run goes; more is "not foreseeable". */
const MOST_EVENTS = 10_000_000;

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
 * Makes the test of a share of bad events in both directions, valid at every look. It passes by a mixture martingale whose events are
 * discounted by the design effect, and fails by bets on whole bursts. Both error rates are guaranteed for independent events; bursts at the
 * boundary let more pass falsely, and hardly any fail falsely (`npm run calibrate` shows both).
 */
export function shareTest(plan: ShareTestPlan): (tally: EventTally) => ShareTestState {
  const state = testOf(plan);
  return (tally) => state(tally, 1);
}

/** The state of the test if everything in the tally had come so many times. */
function testOf({ allowedShare, passAlpha, failAlpha }: ShareTestPlan) {
  const forPass = mixtureEvidence(allowedShare, PASS_PRIOR);
  const forFail = failEvidence(allowedShare);
  return (tally: EventTally, times: number): ShareTestState => {
    const { n, bad, bursts } = tally;
    const effect = designEffect(tally);
    const size = n * times;
    const badOfSize = Math.round(bad * times);
    const discount = effect ?? 1;
    // On the other side of the allowed share no evidence reaches 1, so nothing is lost by not looking.
    const isAbove = bad > n * allowedShare;
    const toPass = isAbove
      ? 0
      : forPass(badOfSize / discount, size / discount) / -Math.log(passAlpha);
    const toFail = isAbove ? forFail(tally, allowedShare, times) / -Math.log(failAlpha) : 0;
    const isHeldBack = toFail >= 1 && !isMoreThanAMishap(tally, times);
    return {
      verdict: toPass >= 1 ? 'pass' : toFail >= 1 && !isHeldBack ? 'fail' : 'inconclusive',
      towardsPass: Math.max(0, toPass),
      towardsFail: Math.max(0, toFail),
      designEffect: effect,
      bursts,
      heldBackBy: isHeldBack ? 'bursts' : null,
    };
  };
}

function isMoreThanAMishap({ n, bad, bursts, firstBad, lastBad }: EventTally, times = 1): boolean {
  if (bursts * times >= SEPARATE_BURSTS_TO_FAIL) return true;
  return bad * times >= LONE_BURST_TO_FAIL && lastBad - firstBad + 1 > n * LONE_BURST_PART;
}

/**
 * Bounds of the share of bad events that invert the test, the bursts taken as they are: every allowed share above the upper one would be
 * met, every one below the lower one missed. They hold at every look. In [0, 1], where 0 and 1 bound nothing.
 */
export function shareBounds(
  tally: EventTally,
  { allowedShare, passAlpha, failAlpha }: ShareTestPlan,
): [lower: number, upper: number] {
  const { n, bad } = tally;
  const effect = designEffect(tally) ?? 1;
  const seen = bad / n;
  const isMet = (share: number) =>
    mixtureEvidence(share, PASS_PRIOR)(bad / effect, n / effect) >= -Math.log(passAlpha);
  const evidence = failEvidence(allowedShare);
  const isMissed = (share: number) => evidence(tally, share) >= -Math.log(failAlpha);
  return [
    seen === 0 || !isMoreThanAMishap(tally) ? 0 : bisect(0, seen, isMissed),
    seen === 1 ? 1 : bisect(seen, 1, (share) => !isMet(share)),
  ];
}

/** What will become of a sample if its events go on as they did. */
export type Foresight =
  | { kind: 'clear'; n: number; verdict: 'pass' | 'fail' }
  /** The share of bad ones is next to the allowed one. */
  | { kind: 'boundary' };

/** Bad events and bursts come in proportion, so this is a forecast, not a bound. */
export function foreseeVerdict(tally: EventTally, plan: ShareTestPlan): Foresight {
  const state = testOf(plan);
  const verdictAt = (n: number) => state(tally, n / tally.n).verdict;
  let [undecided, decided] = [tally.n, tally.n];
  while (verdictAt(decided) === 'inconclusive') {
    undecided = decided;
    decided *= 2;
    if (decided > MOST_EVENTS) return { kind: 'boundary' };
  }
  while (decided - undecided > 1) {
    const middle = Math.floor((undecided + decided) / 2);
    if (verdictAt(middle) === 'inconclusive') undecided = middle;
    else decided = middle;
  }
  const verdict = verdictAt(decided);
  return verdict === 'inconclusive' ? { kind: 'boundary' } : { kind: 'clear', n: decided, verdict };
}
