import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { DEFAULT_CHANGE_POINT_PLAN, findChangePoints } from '../history/changePoints.ts';
import { DEFAULT_COMPARISON } from '../history/compareVersions.ts';
import { compareWithBaseline } from '../history/compareWithBaseline.ts';
import { type CalibrationRow, countOutcomes, type Goal, roundedShares } from './calibrationRow.ts';

const NIGHTS = 40;
/** Standard deviation of the logarithm of a median, from night to night. */
const SPREAD = 0.03;
/** A change counts as found if the change point is at most this many nights away. */
const NEAR = 2;

const CASES: {
  name: string;
  factor: (night: number) => number;
  step: number | null;
  goals: Goal[];
}[] = [
  { name: 'no change', factor: () => 1, step: null, goals: [{ figure: 'alarms', atMost: 0.01 }] },
  {
    name: '+10 % from night 25',
    factor: (night) => (night < 25 ? 1 : 1.1),
    step: 25,
    goals: [{ figure: 'found', atLeast: 0.95 }],
  },
  { name: '+10 % from night 33', factor: (night) => (night < 33 ? 1 : 1.1), step: 33, goals: [] },
  {
    name: 'one spike of ×2',
    factor: (night) => (night === 25 ? 2 : 1),
    step: null,
    goals: [{ figure: 'alarms', atMost: 0.01 }],
  },
];

/** Change points in forty nights of one metric. For comparison: how often a night is 5 % above the one before. */
export function historyRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(500 * scale);
  return CASES.map(({ name, factor, step, goals }, at) => {
    const draw = seededDraw(5000 + at);
    const outcomes = ['alarms', 'found', 'a night 5 % above the last'] as const;
    const counts = countOutcomes(runs, outcomes, () => {
      const values = nights(factor, draw);
      const points = findChangePoints(values, DEFAULT_CHANGE_POINT_PLAN, draw);
      return [
        points.length > 0 && 'alarms',
        points.some((point) => step !== null && Math.abs(point.at - step) <= NEAR) && 'found',
        values.some((value, night) => value > 1.05 * (values[night - 1] ?? value)) &&
          'a night 5 % above the last',
      ];
    });
    const figures = roundedShares(counts, runs);
    return { section: 'history', name: `${name}, ${NIGHTS} nights`, runs, figures, goals };
  });
}

const BASELINE_CASES = [
  { ratio: 1, candidates: 1, goals: [{ figure: 'called different', atMost: 0.01 }] },
  { ratio: 1.1, candidates: 1, goals: [] },
  { ratio: 1.1, candidates: 5, goals: [] },
  { ratio: 1.2, candidates: 1, goals: [] },
];

/** A stored baseline of five runs, compared with one run and with five. */
export function baselineRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(4000 * scale);
  return BASELINE_CASES.map(({ ratio, candidates, goals }, at) => {
    const normal = normalDraw(seededDraw(6000 + at));
    const drawRuns = (count: number, factor: number) => ({
      unit: 'ms',
      values: Array.from({ length: count }, () => 350 * factor * Math.exp(SPREAD * normal())),
    });
    const counts = countOutcomes(runs, ['worse', 'better', 'same', 'open'], () => {
      const sides = { baseline: drawRuns(5, 1), candidate: drawRuns(candidates, ratio) };
      const rates = { ...DEFAULT_COMPARISON, metricsInRun: 1 };
      return [compareWithBaseline('latency', sides, rates).verdict];
    });
    return {
      section: 'stored baseline of 5 runs',
      name: `×${ratio}, ${candidates} ${candidates === 1 ? 'run' : 'runs'}`,
      runs,
      figures: roundedShares({ ...counts, 'called different': counts.worse + counts.better }, runs),
      goals,
    };
  });
}

function nights(factor: (night: number) => number, draw: Draw): number[] {
  const normal = normalDraw(draw);
  return Array.from(
    { length: NIGHTS },
    (_, night) => 350 * factor(night) * Math.exp(SPREAD * normal()),
  );
}
