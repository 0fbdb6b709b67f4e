import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { samplerOf } from '../core/statistics/sampleSize.ts';
import type { Draw } from '../core/statistics/seededDraw.ts';
import type { ShareTestPlan } from '../core/statistics/shareTest.ts';
import type { VerdictName } from '../core/statistics/verdict.ts';
import { type LatencySource, LIMIT_MS } from '../core/testing/eventSources.ts';
import { anyOfMany, rounded } from './calibrationRow.ts';
import { type DecisionBounds, decisionBounds } from './decisionBounds.ts';

export type ShareSimulation = {
  source: LatencySource;
  runs: number;
  draw: Draw;
  /** Compare with what others would have said of the same events? */
  withOthers?: boolean;
};

/** Looks after every event up to here. */
export const MOST_EVENTS = 5000;
/** Objectives of the run that the level of a false fail is split over. */
export const OBJECTIVES = 25;
const SMALL_SAMPLE = 20;
const RETEST_ALPHA = 0.05;

/**
 * Makes a simulation of one test: it samples until clear, time and again, with the very functions that judge a run, and counts what came out. The others see the same
 * events: a threshold on the P95 of 20, an exact test of 20, and an exact 5 % test repeated after every event.
 */
export function shareSimulator(
  plan: ShareTestPlan,
): (simulation: ShareSimulation) => Record<string, number> {
  const sample = samplerOf(plan);
  const exact = { ...plan, passAlpha: RETEST_ALPHA, failAlpha: RETEST_ALPHA };
  let retest: DecisionBounds | null = null;
  return ({ source, runs, draw, withOthers }) => {
    const counts = { pass: 0, fail: 0, inconclusive: 0, barePass: 0, fixedPass: 0 };
    const retests = { pass: 0, fail: 0, inconclusive: 0 };
    let events = 0;
    for (let run = 0; run < runs; run++) {
      const next = source(draw);
      const seen: boolean[] = [];
      const { verdict, n } = sample({
        next: () => {
          const isBad = next() >= LIMIT_MS;
          if (withOthers === true) seen.push(isBad);
          return isBad;
        },
        mostEvents: MOST_EVENTS,
      });
      counts[verdict] += 1;
      events += n;
      if (withOthers !== true) continue;
      while (seen.length < MOST_EVENTS) seen.push(next() >= LIMIT_MS);
      const badOfFew = seen.slice(0, SMALL_SAMPLE).filter(Boolean).length;
      if (badOfFew <= SMALL_SAMPLE * plan.allowedShare) counts.barePass += 1;
      if (fixedSampleTest(badOfFew, SMALL_SAMPLE, plan) === 'pass') counts.fixedPass += 1;
      retest ??= decisionBounds((bad, size) => fixedSampleTest(bad, size, exact), MOST_EVENTS);
      retests[firstClear(seen, retest)] += 1;
    }
    const share = (count: number) => rounded(count / runs);
    const own = {
      pass: share(counts.pass),
      fail: share(counts.fail),
      open: share(counts.inconclusive),
      averageN: rounded(events / runs, 1),
      'a fail in 25': rounded(anyOfMany(counts.fail / runs, OBJECTIVES)),
    };
    if (withOthers !== true) return own;
    return {
      ...own,
      'P95 of 20 passes': share(counts.barePass),
      'test of 20 passes': share(counts.fixedPass),
      're-test passes': share(retests.pass),
      're-test fails': share(retests.fail),
    };
  };
}

function firstClear(seen: readonly boolean[], bounds: DecisionBounds): VerdictName {
  let bad = 0;
  for (const [at, isBad] of seen.entries()) {
    if (isBad) bad += 1;
    if (bad <= (bounds.mostToPass[at + 1] as number)) return 'pass';
    if (bad >= (bounds.fewestToFail[at + 1] as number)) return 'fail';
  }
  return 'inconclusive';
}
