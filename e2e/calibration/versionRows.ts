import { seededDraw } from '../core/statistics/seededDraw.ts';
import { DEFAULT_COMPARISON, MAX_PAIRS } from '../history/compareVersions.ts';
import { tailShift } from '../history/versionEvidence.ts';
import { type CalibrationRow, type Goal, rounded } from './calibrationRow.ts';
import { NORMAL_1_PERCENT, rankTest, simulateComparison } from './simulateComparison.ts';
import { BLOCK_SIZE, pairSource, type TwoVersions } from './simulatePairs.ts';

const ALIKE: TwoVersions = { ratio: 1, slowShare: 0, slowByMs: 0, hasCommonNumbers: true };
const SLOWER = { ...ALIKE, ratio: 1.1 };
const METRICS = 12;

const CASES: { name: string; versions: TwoVersions[]; runs: number; goals: Goal[] }[] = [
  {
    name: 'A against A',
    versions: [ALIKE],
    runs: 1000,
    goals: [
      { figure: 'called different', atMost: 0.01 },
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
];

/** Medians of two versions, looked at after every pair. */
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

/** Tails of two versions at 1,000 requests a side, at 1 % on both sides together. */
export function tailRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(1000 * scale);
  const alpha = DEFAULT_COMPARISON.differenceAlpha / 2;
  return TAIL_CASES.map(({ name, versions, goals }, at) => {
    const draw = seededDraw(3100 + at);
    const counts = { worse: 0, better: 0, mannWhitney: 0 };
    for (let run = 0; run < runs; run++) {
      const pairs = Array.from({ length: MAX_PAIRS }, pairSource(versions, draw));
      const { pWorse, pBetter } = tailShift(pairs);
      if (pWorse <= alpha) counts.worse += 1;
      if (pBetter <= alpha) counts.better += 1;
      if (Math.abs(rankTest(pairs)) > NORMAL_1_PERCENT) counts.mannWhitney += 1;
    }
    const share = (count: number) => rounded(count / runs);
    return {
      section: 'two versions, tails',
      name: `${name}, ${MAX_PAIRS * BLOCK_SIZE} a side`,
      runs,
      figures: {
        worse: share(counts.worse),
        better: share(counts.better),
        'called different': share(counts.worse + counts.better),
        'Mann–Whitney': share(counts.mannWhitney),
      },
      goals,
    };
  });
}
