import { type Draw, normalDraw, seededDraw } from '../core/statistics/seededDraw.ts';
import { changePoints, DEFAULT_CHANGE_POINTS } from '../history/changePoints.ts';
import { DEFAULT_COMPARISON } from '../history/compareVersions.ts';
import { compareWithBaseline } from '../history/compareWithBaseline.ts';
import { type CalibrationRow, type Goal, sharesOf } from './calibrationRow.ts';

const NIGHTS = 40;
/** Logarithmic spread of a median from night to night. */
const SPREAD = 0.03;
/** A change counts as found if it is placed within two nights. */
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

/** Forty nights of one metric, and beside the change points how often some night lies 5 % above the one before. */
export function historyRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(500 * scale);
  return CASES.map(({ name, factor, step, goals }, at) => {
    const draw = seededDraw(5000 + at);
    const counts = { alarms: 0, found: 0, bare: 0 };
    for (let run = 0; run < runs; run++) {
      const values = nights(factor, draw);
      const points = changePoints(values, DEFAULT_CHANGE_POINTS, draw);
      if (points.length > 0) counts.alarms += 1;
      if (points.some((point) => step !== null && Math.abs(point.at - step) <= NEAR))
        counts.found += 1;
      if (values.some((value, night) => value > 1.05 * (values[night - 1] ?? value)))
        counts.bare += 1;
    }
    const { alarms, found, bare } = counts;
    return {
      section: 'history',
      name: `${name}, ${NIGHTS} nights`,
      runs,
      figures: sharesOf({ alarms, found, 'a night 5 % above the last': bare }, runs),
      goals,
    };
  });
}

/** A stored baseline of five runs, the run as the unit, against one run and against five. */
export function baselineRows(scale: number): CalibrationRow[] {
  const runs = Math.ceil(4000 * scale);
  const cases = [
    { ratio: 1, candidates: 1, goals: [{ figure: 'called different', atMost: 0.01 }] },
    { ratio: 1.1, candidates: 1, goals: [] },
    { ratio: 1.1, candidates: 5, goals: [] },
    { ratio: 1.2, candidates: 1, goals: [] },
  ];
  return cases.map(({ ratio, candidates, goals }, at) => {
    const draw = seededDraw(6000 + at);
    const normal = normalDraw(draw);
    const runOf = (factor: number) => 350 * factor * Math.exp(SPREAD * normal());
    const counts = { worse: 0, better: 0, same: 0, open: 0 };
    for (let run = 0; run < runs; run++) {
      const baseline = Array.from({ length: 5 }, () => runOf(1));
      const candidate = Array.from({ length: candidates }, () => runOf(ratio));
      const { verdict } = compareWithBaseline(
        'latency',
        {
          baseline: { unit: 'ms', values: baseline },
          candidate: { unit: 'ms', values: candidate },
        },
        { ...DEFAULT_COMPARISON, metricsInRun: 1 },
      );
      counts[verdict] += 1;
    }
    const { worse, better, same, open } = counts;
    return {
      section: 'stored baseline of 5 runs',
      name: `×${ratio}, ${candidates} ${candidates === 1 ? 'run' : 'runs'}`,
      runs,
      figures: sharesOf({ worse, better, same, open, 'called different': worse + better }, runs),
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
