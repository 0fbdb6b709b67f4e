import { verdictOfCounts } from './shareTest.ts';
import type { ShareTestPlan } from './shareTestPlan.ts';

/** What sampling until clear comes to, on average over independent events of one share of bad ones. */
export type ExpectedSampling = {
  /** Events until it is clear or the budget is used up. */
  expectedN: number;
  /** Chances of each end; they add up to 1. */
  pass: number;
  fail: number;
  open: number;
};

/**
 * Calculates, exactly and without simulation, what the sequential test does to independent events: the distribution of the number of bad
 * ones among those runs that are still open is carried from event to event.
 * @param badShare in [0, 1]
 * @param mostEvents the sample budget
 */
export function expectedSampling(
  plan: ShareTestPlan,
  badShare: number,
  mostEvents: number,
): ExpectedSampling {
  const verdict = verdictOfCounts(plan);
  const chanceOf = new Float64Array(mostEvents + 2);
  chanceOf[0] = 1;
  const ended = { pass: 0, fail: 0 };
  let expectedN = 0;
  let [least, most] = [0, 0];
  for (let n = 1; n <= mostEvents && least <= most; n++) {
    most += 1;
    for (let bad = most; bad >= least; bad--) {
      const oneFewer = bad > least ? (chanceOf[bad - 1] as number) : 0;
      chanceOf[bad] = (chanceOf[bad] as number) * (1 - badShare) + oneFewer * badShare;
    }
    const end = (bad: number, as: keyof typeof ended) => {
      const chance = chanceOf[bad] as number;
      ended[as] += chance;
      expectedN += n * chance;
      chanceOf[bad] = 0;
    };
    while (least <= most && verdict(least, n) === 'pass') end(least++, 'pass');
    while (most >= least && verdict(most, n) === 'fail') end(most--, 'fail');
  }
  const open = Math.max(0, 1 - ended.pass - ended.fail);
  return { expectedN: expectedN + open * mostEvents, ...ended, open };
}
