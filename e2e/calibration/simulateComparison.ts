import type { Draw } from '../core/statistics/seededDraw.ts';
import {
  DEFAULT_COMPARISON,
  MAX_PAIRS,
  type VersionVerdict,
  versionVerdicts,
} from '../history/compareVersions.ts';
import { studentQuantile } from '../history/studentTail.ts';
import { type BlockPair, logRatios } from '../history/versionEvidence.ts';
import { rounded } from './calibrationRow.ts';
import { mannWhitney } from './mannWhitney.ts';
import { BLOCK_SIZE, pairSource, type TwoVersions } from './simulatePairs.ts';

/** 1 % on both sides together. */
export const NORMAL_1_PERCENT = 2.5758;
/** From here on a t-test is repeated after every pair. */
const FIRST_T_TEST = 5;

/**
 * Compares two versions over several metrics time and again, looking after every pair until every metric is clear, and counts what was
 * said of the first one. Beside it what others say of that metric's requests, all of them: Mann and Whitney once, Student's t on the log
 * ratios after every pair, and the P50 of 20.
 */
export function simulateComparison(
  versions: readonly TwoVersions[],
  runs: number,
  draw: Draw,
): Record<string, number> {
  const counts = { worse: 0, better: 0, same: 0, open: 0 };
  const others = { wronglyAny: 0, mannWhitney: 0, repeated: 0, bare: 0 };
  let requests = 0;
  for (let run = 0; run < runs; run++) {
    const pairs = versions.map((one) => Array.from({ length: MAX_PAIRS }, pairSource(one, draw)));
    const ratios = pairs.map((ofMetric) => logRatios('latency', ofMetric));
    const { verdicts, n } = sampleUntilClear(ratios);
    const [first, ...rest] = verdicts;
    counts[first as VersionVerdict] += 1;
    if (rest.some((verdict) => verdict === 'worse' || verdict === 'better')) others.wronglyAny += 1;
    requests += n * BLOCK_SIZE;
    const [ofFirst, ratiosOfFirst] = [pairs[0] as BlockPair[], ratios[0] as number[]];
    if (Math.abs(rankTest(ofFirst)) > NORMAL_1_PERCENT) others.mannWhitney += 1;
    if (repeatedTTest(ratiosOfFirst)) others.repeated += 1;
    if (bareThreshold(ofFirst)) others.bare += 1;
  }
  const share = (count: number) => rounded(count / runs);
  return {
    worse: share(counts.worse),
    better: share(counts.better),
    same: share(counts.same),
    open: share(counts.open),
    'called different': share(counts.worse + counts.better),
    'another called different': share(others.wronglyAny),
    'requests a side': rounded(requests / runs, 1),
    'Mann–Whitney': share(others.mannWhitney),
    't after every pair': share(others.repeated),
    'P50 of 20 by 5 %': share(others.bare),
  };
}

function sampleUntilClear(ratios: readonly number[][]): { verdicts: VersionVerdict[]; n: number } {
  for (let n = 1; ; n++) {
    const verdicts = versionVerdicts(
      ratios.map((values) => ({ ratios: values.slice(0, n), tail: null })),
      DEFAULT_COMPARISON,
    ).map(({ verdict }) => verdict);
    if (n === MAX_PAIRS || !verdicts.includes('open')) return { verdicts, n };
  }
}

export function rankTest(pairs: readonly BlockPair[]): number {
  return mannWhitney(
    pairs.flatMap(({ baseline }) => baseline),
    pairs.flatMap(({ candidate }) => candidate),
  );
}

const CRITICAL_T = Array.from({ length: MAX_PAIRS }, (_, at) =>
  at === 0 ? Number.POSITIVE_INFINITY : studentQuantile(0.005, at),
);

function repeatedTTest(ratios: readonly number[]): boolean {
  let [sum, squares] = [0, 0];
  return ratios.some((ratio, at) => {
    sum += ratio;
    squares += ratio * ratio;
    const n = at + 1;
    if (n < FIRST_T_TEST) return false;
    const variance = (squares - (sum * sum) / n) / (n - 1);
    return Math.abs(sum / n) > (CRITICAL_T[at] as number) * Math.sqrt(variance / n);
  });
}

function bareThreshold(pairs: readonly BlockPair[]): boolean {
  const few = pairs.slice(0, 20 / BLOCK_SIZE);
  const middleOf = (side: keyof BlockPair) =>
    few.flatMap((pair) => pair[side]).sort((a, b) => a - b)[9] as number;
  const ratio = middleOf('candidate') / middleOf('baseline');
  return Math.max(ratio, 1 / ratio) > DEFAULT_COMPARISON.smallestRatio;
}
