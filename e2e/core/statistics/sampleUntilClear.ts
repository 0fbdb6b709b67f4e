import { addEvent, startTally, type TallyOptions } from './eventTally.ts';
import { mixtureEvidence, PASS_PRIOR } from './mixtureEvidence.ts';
import { type ShareTestPlan, shareTest } from './shareTest.ts';
import type { VerdictName } from './verdict.ts';

export type Sampling = {
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
