import { samplerOf } from './sampleUntilClear.ts';
import { seededDraw } from './seededDraw.ts';
import type { ShareTestPlan } from './shareTest.ts';

/** What sampling until clear comes to, on average over independent events of one share of bad ones. */
export type ExpectedSampling = {
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
