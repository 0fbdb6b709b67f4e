import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import { studentQuantile } from '../core/statistics/studentTail.ts';
import {
  DEFAULT_COMPARISON,
  LOOK_EVERY,
  MAX_PAIRS,
  type TestedMetric,
  type VersionVerdict,
  versionVerdicts,
} from '../history/compareVersions.ts';
import { type BlockPair, logRatios, tailShift } from '../history/versionEvidence.ts';
import {
  type CalibrationRow,
  countOutcomes,
  type Goal,
  rounded,
  roundedShares,
} from './calibrationRow.ts';
import { BLOCK_SIZE, pairSource, type TwoVersions } from './versionPairs.ts';

const ALIKE: TwoVersions = {
  ratio: 1,
  slowShare: 0,
  slowByMs: 0,
  hasCommonNumbers: true,
  processSpread: 0,
};
const SLOWER = { ...ALIKE, ratio: 1.1 };

/** `npm run compare` judges eight metrics, which share the level: two latencies, whose tails are tested too, two own times, and four amounts. */
const METRICS = 8;
const METRICS_WITH_TAIL = 2;

const CASES: { name: string; versions: TwoVersions[]; runs: number; goals: Goal[] }[] = [
  {
    name: 'A against A',
    versions: [ALIKE],
    runs: 1000,
    goals: [
      { figure: 'called different', atMost: 0.01 },
      { figure: 'different at any look', atMost: 0.01 },
      { figure: 'same', atLeast: 0.95 },
    ],
  },
  { name: '+2 %', versions: [{ ...ALIKE, ratio: 1.02 }], runs: 500, goals: [] },
  {
    name: '+5 %, what matters',
    versions: [{ ...ALIKE, ratio: 1.05 }],
    runs: 500,
    goals: [{ figure: 'same', atMost: 0.05 }],
  },
  {
    name: '+10 %',
    versions: [SLOWER],
    runs: 1000,
    goals: [{ figure: 'worse', atLeast: 0.98 }],
  },
  {
    name: '−10 %',
    versions: [{ ...ALIKE, ratio: 1 / 1.1 }],
    runs: 500,
    goals: [{ figure: 'better', atLeast: 0.98 }],
  },
  {
    name: 'A against A, no common numbers',
    versions: [{ ...ALIKE, hasCommonNumbers: false }],
    runs: 300,
    goals: [{ figure: 'called different', atMost: 0.01 }],
  },
  {
    name: '+10 %, no common numbers',
    versions: [{ ...SLOWER, hasCommonNumbers: false }],
    runs: 500,
    goals: [],
  },
  {
    name: `+10 % in one of ${METRICS} metrics`,
    versions: [SLOWER, ...new Array<TwoVersions>(METRICS - 1).fill(ALIKE)],
    runs: 100,
    goals: [
      { figure: 'worse', atLeast: 0.98 },
      { figure: 'another called different', atMost: 0.01 },
    ],
  },
  {
    name: 'A against A, processes 2 % apart',
    versions: [{ ...ALIKE, processSpread: 0.02 }],
    runs: 1000,
    goals: [{ figure: 'called different', atMost: 0.01 }],
  },
  {
    name: '+10 %, processes 2 % apart',
    versions: [{ ...SLOWER, processSpread: 0.02 }],
    runs: 1000,
    goals: [{ figure: 'worse', atLeast: 0.98 }],
  },
];

/** Medians of two versions after MAX_PAIRS, as a comparison of several times ends; and whether the evidence holds at every look before. */
export function versionRows(scale: number): CalibrationRow[] {
  return CASES.map(({ name, versions, runs: fullRuns, goals }, at) => {
    const runs = Math.ceil(fullRuns * scale);
    const figures = simulateComparison(versions, runs, seededDraw(3000 + at));
    return { section: 'two versions, medians', name, runs, figures, goals };
  });
}

const TAIL_CASES: { name: string; versions: TwoVersions; goals: Goal[] }[] = [
  { name: 'A against A', versions: ALIKE, goals: [{ figure: 'called different', atMost: 0.01 }] },
  {
    name: '+800 ms on 2 %',
    versions: { ...ALIKE, slowShare: 0.02, slowByMs: 800 },
    goals: [{ figure: 'worse', atLeast: 0.9 }],
  },
  { name: '+800 ms on 1 %', versions: { ...ALIKE, slowShare: 0.01, slowByMs: 800 }, goals: [] },
];

/** Tails of two versions after 1,000 requests each, at the level that each test of a comparison gets. */
export function tailRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(1000 * scale);
  return TAIL_CASES.map(({ name, versions, goals }, at) => {
    const draw = seededDraw(3100 + at);
    const counts = countOutcomes(runs, ['worse', 'better', 'Mann–Whitney'], () => {
      const pairs = Array.from({ length: MAX_PAIRS }, pairSource(versions, draw));
      const metric = { ratios: logRatios('latency', pairs), hasTail: true, tail: tailShift(pairs) };
      const tail = judgeWithOthers([metric])[0]?.tail;
      return [
        tail === 'worse' && 'worse',
        tail === 'better' && 'better',
        rankTestDiffers(pairs) && 'Mann–Whitney',
      ];
    });
    const { worse, better, ...others } = counts;
    return {
      section: 'two versions, tails',
      name: `${name}, ${MAX_PAIRS * BLOCK_SIZE} a side`,
      runs,
      figures: roundedShares(
        { worse, better, 'called different': worse + better, ...others },
        runs,
      ),
      goals,
    };
  });
}

const OUTCOMES = [
  ...(['worse', 'better', 'same', 'open'] as const),
  ...(['different at any look', 'another called different'] as const),
] as const;
const OUTCOMES_OF_OTHER_TESTS = ['Mann–Whitney', 't after every pair', 'P50 of 20 by 5 %'] as const;

/** Compares several metrics at every look, and counts the last verdicts on the first one, and those of other tests. */
function simulateComparison(
  versions: readonly TwoVersions[],
  runs: number,
  draw: Draw,
): Record<string, number> {
  let requests = 0;
  const counts = countOutcomes(runs, [...OUTCOMES, ...OUTCOMES_OF_OTHER_TESTS], () => {
    const pairs = versions.map((one) => Array.from({ length: MAX_PAIRS }, pairSource(one, draw)));
    const ratios = pairs.map((pairsOfMetric) => logRatios('latency', pairsOfMetric));
    const { verdicts, clearAfter, differedAtAnyLook } = judgeEveryLook(ratios);
    requests += clearAfter * BLOCK_SIZE;
    const [first, ...rest] = verdicts;
    const [firstPairs, firstRatios] = [pairs[0] as BlockPair[], ratios[0] as number[]];
    return [
      first as VersionVerdict,
      differedAtAnyLook && 'different at any look',
      rest.some(isDifferent) && 'another called different',
      rankTestDiffers(firstPairs) && 'Mann–Whitney',
      repeatedTTestDiffers(firstRatios) && 't after every pair',
      smallSampleDiffers(firstPairs) && 'P50 of 20 by 5 %',
    ];
  });
  const { worse, better, same, open, ...rest } = counts;
  const { 'different at any look': early, 'another called different': another, ...others } = rest;
  return {
    ...roundedShares(
      {
        ...{ worse, better, same, open },
        'called different': worse + better,
        'different at any look': early,
        'another called different': another,
      },
      runs,
    ),
    'requests until clear': rounded(requests / runs, 1),
    ...roundedShares(others, runs),
  };
}

/** The verdicts after MAX_PAIRS, and of the first metric when it was first clear and whether it was ever called different. */
function judgeEveryLook(ratios: readonly number[][]): {
  verdicts: VersionVerdict[];
  clearAfter: number;
  differedAtAnyLook: boolean;
} {
  let clearAfter: number | null = null;
  let differedAtAnyLook = false;
  for (let n = LOOK_EVERY; ; n += LOOK_EVERY) {
    const verdicts = judgeWithOthers(
      ratios.map((values, at) => ({
        ratios: values.slice(0, n),
        hasTail: at < METRICS_WITH_TAIL,
        tail: null,
      })),
    ).map(({ verdict }) => verdict);
    const [first = 'open'] = verdicts;
    if (first !== 'open') clearAfter ??= n;
    differedAtAnyLook ||= isDifferent(first);
    if (n === MAX_PAIRS) return { verdicts, clearAfter: clearAfter ?? n, differedAtAnyLook };
  }
}

function isDifferent(verdict: VersionVerdict): boolean {
  return verdict === 'worse' || verdict === 'better';
}

/** Judges metrics together with those that fill a comparison, which show nothing and take their share of the level. */
function judgeWithOthers(metrics: readonly TestedMetric[]): ReturnType<typeof versionVerdicts> {
  const others = Array.from({ length: METRICS - metrics.length }, (_, at) => ({
    ratios: [0],
    hasTail: at + metrics.length < METRICS_WITH_TAIL,
    tail: null,
  }));
  return versionVerdicts([...metrics, ...others], DEFAULT_COMPARISON).slice(0, metrics.length);
}

/** Two-sided critical value of the standard normal distribution at 1 %. */
const CRITICAL_Z = 2.5758;

function rankTestDiffers(pairs: readonly BlockPair[]): boolean {
  const score = mannWhitney(
    pairs.flatMap(({ baseline }) => baseline),
    pairs.flatMap(({ candidate }) => candidate),
  );
  return Math.abs(score) > CRITICAL_Z;
}

/** Standardised rank sum (Mann & Whitney 1947) by the normal approximation without ties; positive if `candidate` is larger. */
export function mannWhitney(baseline: readonly number[], candidate: readonly number[]): number {
  const all = [
    ...baseline.map((value) => ({ value, isCandidate: false })),
    ...candidate.map((value) => ({ value, isCandidate: true })),
  ].sort((a, b) => a.value - b.value);
  const [n, m] = [baseline.length, candidate.length];
  let rankSum = 0;
  for (const [at, { isCandidate }] of all.entries()) if (isCandidate) rankSum += at + 1;
  const excess = rankSum - (m * (n + m + 1)) / 2;
  return excess / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** The t-test is repeated after every pair from this one on. */
const FIRST_T_TEST = 5;

const CRITICAL_T = Array.from({ length: MAX_PAIRS }, (_, at) =>
  at === 0 ? Number.POSITIVE_INFINITY : studentQuantile(0.005, at),
);

function repeatedTTestDiffers(ratios: readonly number[]): boolean {
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

function smallSampleDiffers(pairs: readonly BlockPair[]): boolean {
  const few = pairs.slice(0, 20 / BLOCK_SIZE);
  const blockMedian = (side: keyof BlockPair) =>
    few.flatMap((pair) => pair[side]).sort((a, b) => a - b)[9] as number;
  const ratio = blockMedian('candidate') / blockMedian('baseline');
  return Math.max(ratio, 1 / ratio) > DEFAULT_COMPARISON.smallestRatio;
}
