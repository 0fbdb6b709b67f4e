import { compareWithBaselines } from '../core/statistics/compareWithBaseline.ts';
import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { DEFAULT_CHANGE_POINT_PLAN, findChangePoints } from '../history/changePoints.ts';
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

/** Levels of the run and of the latest baseline, relative to the oldest one; each run scatters about its level. */
const BASELINE_CASES: { run: number; latest?: number; size: number; goals: Goal[] }[] = [
  { run: 1, size: 5, goals: [{ figure: 'fail', atMost: 0.01 }] },
  { run: 1, size: 10, goals: [{ figure: 'fail', atMost: 0.01 }] },
  {
    run: 1.1,
    size: 5,
    goals: [
      { figure: 'pass', atMost: 0.05 },
      { figure: 'fail', atMost: 0.01 },
    ],
  },
  { run: 1.2, size: 5, goals: [] },
  { run: 1.2, size: 10, goals: [] },
  { run: 1.5, size: 5, goals: [] },
  { run: 1.5, size: 10, goals: [{ figure: 'fail', atLeast: 0.95 }] },
  // A slow creep: as good as the latest baseline, and far above the oldest.
  { run: 1.5, latest: 1.49, size: 10, goals: [{ figure: 'fail', atLeast: 0.95 }] },
];

/** Levels of one of 66 objectives, as in the perf project; a regression of less than 10 % is allowed. */
const REGRESSION_PLAN = { mostRatio: 1.1, passAlpha: 0.05, failAlpha: 0.01 / 66 };

export function baselineRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(4000 * scale);
  return BASELINE_CASES.map(({ run, latest = 1, size, goals }, at) => {
    const normal = normalDraw(seededDraw(6000 + at));
    const drawRun = (factor: number) => 350 * factor * Math.exp(SPREAD * normal());
    const counts = countOutcomes(runs, ['pass', 'fail', 'inconclusive'], () => {
      const baselines = [1, latest].map((level) =>
        Array.from({ length: size }, () => drawRun(level)),
      );
      return [compareWithBaselines(baselines, drawRun(run), REGRESSION_PLAN).verdict];
    });
    const figures = roundedShares(counts, runs);
    const name = `×${run}, oldest and latest of ${size} runs${latest === 1 ? '' : `, latest ×${latest}`}`;
    return { section: 'stored baselines', name, runs, figures, goals };
  });
}

function nights(factor: (night: number) => number, draw: Draw): number[] {
  const normal = normalDraw(draw);
  return Array.from(
    { length: NIGHTS },
    (_, night) => 350 * factor(night) * Math.exp(SPREAD * normal()),
  );
}
