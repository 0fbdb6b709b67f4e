import { smallestSampleSize } from './binomial.ts';
import { addEvent, startTally, type TallyOptions } from './eventTally.ts';
import { seededDraw } from './seededDraw.ts';
import { mixtureEvidence, PASS_PRIOR } from './shareEvidence.ts';
import { type ShareTestPlan, shareTest } from './shareTest.ts';
import type { VerdictName } from './verdict.ts';

/**
 * Fewest events that can pass an objective, not one of them bad, where every event may be looked at: 5 for P50, 65 for P95, 3,288 for
 * 99.9 % at 5 %. A test at a number fixed beforehand takes a tenth fewer (`smallestSampleSize`), and may not be looked at before.
 */
export function smallestToPass({
  allowedShare,
  passAlpha,
}: Pick<ShareTestPlan, 'allowedShare' | 'passAlpha'>): number {
  const evidence = mixtureEvidence(allowedShare, PASS_PRIOR);
  const passes = (n: number) => evidence(0, n) >= -Math.log(passAlpha);
  let tooFew = smallestSampleSize(allowedShare, passAlpha) - 1;
  let enough = 2 * tooFew + 2;
  while (!passes(enough)) enough *= 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (passes(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** What sampling until clear comes to, on average over independent events of one share of bad ones. */
type ExpectedSampling = {
  /** Events until it is clear or the budget is used up. */
  expectedN: number;
  /** Shares of the runs that come to each end; they add up to 1. */
  pass: number;
  fail: number;
  open: number;
};

/** Enough for a plan: the error of a mean of so many is a few percent. */
const RUNS = 400;

/**
 * Samples until clear, time and again, by the test that judges a run. Seeded: the same plan every time.
 * @param badShare in [0, 1]
 * @param mostEvents the sample budget
 */
export function expectedSampling(
  plan: ShareTestPlan,
  badShare: number,
  mostEvents: number,
  runs = badShare === 0 || badShare === 1 ? 1 : RUNS,
): ExpectedSampling {
  const sample = samplerOf(plan);
  const draw = seededDraw(1);
  const ended = { pass: 0, fail: 0, inconclusive: 0 };
  let events = 0;
  for (let run = 0; run < runs; run++) {
    const { verdict, n } = sample({ next: () => draw() < badShare, mostEvents });
    ended[verdict] += 1;
    events += n;
  }
  return {
    expectedN: events / runs,
    pass: ended.pass / runs,
    fail: ended.fail / runs,
    open: ended.inconclusive / runs,
  };
}

type Sampling = {
  /** Is the next event bad? */
  next: () => boolean;
  mostEvents: number;
  /** Events are sent at this rate; left out: they have no times. */
  eventsPerSecond?: number;
};

/** Makes a simulation of sampling until clear, by the test that judges a run. */
export function samplerOf(
  plan: ShareTestPlan,
  options: TallyOptions = {},
): (sampling: Sampling) => { verdict: VerdictName; n: number } {
  const test = shareTest(plan);
  const fewestToPass = fewestToPassOf(plan);
  return ({ next, mostEvents, eventsPerSecond }) => {
    const tally = startTally(plan.allowedShare, options);
    while (tally.n < mostEvents) {
      const isBad = next();
      addEvent(tally, isBad, eventsPerSecond ? (tally.n * 1000) / eventsPerSecond : null);
      const { n, bad } = tally;
      // A bad event adds no evidence to pass, and a good one none to fail: looked at is what may have become clear.
      const mayBeClear = isBad ? bad > n * plan.allowedShare : n >= fewestToPass(bad);
      if (!mayBeClear) continue;
      const { verdict } = test(tally);
      if (verdict !== 'inconclusive') return { verdict, n };
    }
    return { verdict: 'inconclusive', n: mostEvents };
  };
}

/** Fewest events that pass with so many bad ones that are all apart; tabulated, so that a look before costs no more than a comparison. */
function fewestToPassOf({ allowedShare, passAlpha }: ShareTestPlan): (bad: number) => number {
  const evidence = mixtureEvidence(allowedShare, PASS_PRIOR);
  const fewest: number[] = [];
  return (bad) => {
    while (fewest.length <= bad) {
      const size = fewest.length;
      let n = Math.max(1, fewest.at(-1) ?? 0);
      while (evidence(size, n) < -Math.log(passAlpha)) n += 1;
      fewest.push(n);
    }
    return fewest[bad] as number;
  };
}
