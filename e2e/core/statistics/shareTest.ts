import { designEffect, type EventTally } from './eventTally.ts';
import { bisect, firstWhole } from './search.ts';
import { failEvidence, mixtureEvidence, PASS_PRIOR } from './shareEvidence.ts';
import type { ShareTestPlan, VerdictName } from './verdict.ts';

/** A fail takes two bursts, since one may be a single incident. */
const MIN_BURSTS_TO_FAIL = 2;
/** A lone burst is more than an incident if it has this number of bad events and spans more than this part of all events. */
const MIN_BAD_OF_LONE_BURST = 100;
const MIN_PART_OF_LONE_BURST = 0.5;

/** No run has more events. */
const MAX_FORESEEN_EVENTS = 10_000_000;

export type ShareTestState = {
  verdict: VerdictName;
  /** Log of the evidence ÷ log of the threshold: 0 for none, 1 for enough. */
  towardsPass: number;
  towardsFail: number;
  /** Null without a bad event. */
  designEffect: number | null;
  /** There is enough evidence to fail, but all bad events may come from one incident. */
  isOneBurst: boolean;
};

/**
 * Sequential test of a share of bad events, valid at every look. To pass: a mixture martingale, with the events divided by the
 * design effect. To fail: bets on whole bursts. Both error rates hold for independent events. With bursts, more false passes occur
 * at the boundary, and hardly any false fails (`npm run calibrate` shows both).
 */
export function shareTest(plan: ShareTestPlan): (tally: EventTally) => ShareTestState {
  const test = repeatedShareTest(plan);
  return (tally) => test(tally, 1);
}

/** The test, for forecasts: its state if the events of the tally had occurred `times` times. */
function repeatedShareTest({ allowedShare, passAlpha, failAlpha }: ShareTestPlan) {
  const passEvidence = mixtureEvidence(allowedShare, PASS_PRIOR);
  const evidenceToFail = failEvidence(allowedShare);
  return (tally: EventTally, times: number): ShareTestState => {
    const { n, bad } = tally;
    const effect = designEffect(tally);
    const discount = effect ?? 1;
    // A share above the allowed one is no evidence for a pass, and one below it is none for a fail.
    const isAbove = bad > n * allowedShare;
    const towardsPass = isAbove
      ? 0
      : passEvidence(Math.round(bad * times) / discount, (n * times) / discount) /
        -Math.log(passAlpha);
    const towardsFail = isAbove
      ? evidenceToFail(tally, allowedShare, times) / -Math.log(failAlpha)
      : 0;
    const isOneBurst = towardsFail >= 1 && !isMoreThanOneIncident(tally, times);
    return {
      verdict:
        towardsPass >= 1 ? 'pass' : towardsFail >= 1 && !isOneBurst ? 'fail' : 'inconclusive',
      towardsPass: Math.max(0, towardsPass),
      towardsFail: Math.max(0, towardsFail),
      designEffect: effect,
      isOneBurst,
    };
  };
}

function isMoreThanOneIncident(tally: EventTally, times = 1): boolean {
  const { n, bad, bursts, firstBad, lastBad } = tally;
  if (bursts * times >= MIN_BURSTS_TO_FAIL) return true;
  const span = lastBad - firstBad + 1;
  return bad * times >= MIN_BAD_OF_LONE_BURST && span > n * MIN_PART_OF_LONE_BURST;
}

/**
 * Confidence bounds of the share of bad events, by inverting the test: an allowed share above the upper bound would pass, one below
 * the lower bound would fail. Valid at every look. In [0, 1]; 0 and 1 bound nothing.
 */
export function shareBounds(
  tally: EventTally,
  { allowedShare, passAlpha, failAlpha }: ShareTestPlan,
): [lower: number, upper: number] {
  const { n, bad } = tally;
  const effect = designEffect(tally) ?? 1;
  const seen = bad / n;
  const passes = (share: number) =>
    mixtureEvidence(share, PASS_PRIOR)(bad / effect, n / effect) >= -Math.log(passAlpha);
  const evidence = failEvidence(allowedShare);
  const fails = (share: number) => evidence(tally, share) >= -Math.log(failAlpha);
  return [
    seen === 0 || !isMoreThanOneIncident(tally) ? 0 : bisect(0, seen, fails),
    seen === 1 ? 1 : bisect(seen, 1, (share) => !passes(share)),
  ];
}

/** The verdict to expect after `n` events. */
export type Foresight = { n: number; verdict: 'pass' | 'fail' };

/**
 * Forecasts the verdict if bad events and bursts keep coming at the same rate; it is not a bound. Null if the share of bad events is so
 * close to the allowed one that no number of events is enough.
 */
export function foreseeVerdict(tally: EventTally, plan: ShareTestPlan): Foresight | null {
  const test = repeatedShareTest(plan);
  const verdictAfter = (n: number) => test(tally, n / tally.n).verdict;
  const isClear = (n: number) => verdictAfter(n) !== 'inconclusive';
  const n = firstWhole(tally.n, isClear, MAX_FORESEEN_EVENTS);
  if (n === null) return null;
  const verdict = verdictAfter(n);
  return verdict === 'inconclusive' ? null : { n, verdict };
}
