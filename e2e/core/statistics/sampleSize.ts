import { addEvent, startTally, type TallyOptions } from './eventTally.ts';
import { firstWhole } from './search.ts';
import { seededDraw } from './seededDraw.ts';
import { mixtureEvidence, PASS_PRIOR } from './shareEvidence.ts';
import { shareTest } from './shareTest.ts';
import type { ShareTestPlan, VerdictName } from './verdict.ts';

/**
 * Fewest events after which the sequential test can pass, if none is bad: 5 for P50, 65 for P95, 3,288 for 99.9 % at a level of 5 %.
 * A test with one look at a number fixed in advance takes a tenth fewer: the smallest n with (1 − allowedShare)ⁿ ≤ passAlpha.
 * @param bad events that are bad, each an incident of its own
 */
export function smallestToPass(plan: Omit<ShareTestPlan, 'failAlpha'>, bad = 0): number {
  const { allowedShare, passAlpha } = plan;
  const evidence = mixtureEvidence(allowedShare, PASS_PRIOR);
  const passes = (n: number) => evidence(bad, n) >= -Math.log(passAlpha);
  return firstWhole(Math.max(1, bad), passes) as number;
}

/** The standard error of their mean is a few percent. */
const SIMULATED_RUNS = 400;

/** Simulates runs of independent events, seeded, that are sampled until clear or up to the sample budget `mostEvents`. */
export function expectedSampling(
  plan: ShareTestPlan,
  badShare: number,
  mostEvents: number,
  runs = badShare === 0 || badShare === 1 ? 1 : SIMULATED_RUNS,
) {
  const sample = sequentialSampler(plan);
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

type SimulatedRun = {
  /** Is the next event bad? */
  next: () => boolean;
  mostEvents: number;
  /** Rate at which events are sent; without it they have no times. */
  eventsPerSecond?: number;
};

/** Makes a simulation of one run: it samples until the test that judges a run is clear. */
export function sequentialSampler(
  plan: ShareTestPlan,
  options: TallyOptions = {},
): (run: SimulatedRun) => { verdict: VerdictName; n: number } {
  const test = shareTest(plan);
  /** By the number of bad events; kept, since a simulation asks after every event. */
  const fewestToPass: number[] = [];
  return ({ next, mostEvents, eventsPerSecond }) => {
    const tally = startTally(plan.allowedShare, options);
    while (tally.n < mostEvents) {
      const isBad = next();
      addEvent(tally, isBad, eventsPerSecond ? (tally.n * 1000) / eventsPerSecond : null);
      const { n, bad } = tally;
      // A bad event cannot bring a pass, and a good one no fail: most looks need no test.
      fewestToPass[bad] ??= smallestToPass(plan, bad);
      const mayBeClear = isBad ? bad > n * plan.allowedShare : n >= (fewestToPass[bad] as number);
      if (!mayBeClear) continue;
      const { verdict } = test(tally);
      if (verdict !== 'inconclusive') return { verdict, n };
    }
    return { verdict: 'inconclusive', n: mostEvents };
  };
}
