import { seededDraw } from '../core/statistics/seededDraw.ts';
import { independent, type LatencySource, SHAPES } from '../core/testing/eventSources.ts';
import { type CalibrationRow, type Goal, withinError } from './calibrationRow.ts';
import { OBJECTIVES, shareSimulator } from './simulateShare.ts';

/** Of a run at 1 %. */
const FAIL_ALPHA = 0.01 / OBJECTIVES;
export const P95_PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: FAIL_ALPHA };

const OTHERS = [
  { name: 'P50', allowedShare: 0.5, badShare: 0, mostN: 5 },
  { name: 'P50', allowedShare: 0.5, badShare: 0.05, mostN: null },
  { name: 'P50', allowedShare: 0.5, badShare: 0.9, mostN: null },
  { name: 'P50', allowedShare: 0.5, badShare: 1, mostN: null },
  { name: 'P95', allowedShare: 0.05, badShare: 1, mostN: null },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0, mostN: 3288 },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0.0002, mostN: null },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0.02, mostN: null },
];

/** What truly is bad, and what the sampling is to cost and to err at most. */
const CASES: { badShare: number; goals: Goal[] }[] = [
  { badShare: 0, goals: [{ figure: 'averageN', atMost: 88 }] },
  { badShare: 0.002, goals: [{ figure: 'averageN', atMost: 88 }] },
  { badShare: 0.01, goals: [{ figure: 'averageN', atMost: 150 }] },
  { badShare: 0.025, goals: [] },
  {
    badShare: 0.05,
    goals: [
      { figure: 'pass', atMost: 0.05 },
      { figure: 'fail', atMost: FAIL_ALPHA },
    ],
  },
  { badShare: 0.075, goals: [{ figure: 'pass', atMost: 0.05 }] },
  { badShare: 0.1, goals: [{ figure: 'averageN', atMost: 600 }] },
  { badShare: 0.2, goals: [] },
];

/** Independent events, as runs are judged. */
export function shareRows(scale: number): CalibrationRow[] {
  const simulate = shareSimulator(P95_PLAN);
  const shapes = Object.entries(SHAPES).flatMap(([shape, sourceOf], shapeAt) =>
    CASES.map(({ badShare, goals }, at) => {
      const runs = Math.ceil((badShare === 0.05 ? 4000 : 2000) * scale);
      const simulation = {
        source: sourceOf(independent(badShare)),
        runs,
        draw: seededDraw(1000 + 100 * shapeAt + at),
        withOthers: shape === 'log-normal',
      };
      return {
        section: 'share, simulated',
        name: `P95, ${shape}, ${badShare * 100} % bad`,
        runs,
        figures: simulate(simulation),
        goals: goals.map((goal) => simulatedGoal(goal, runs)),
      };
    }),
  );
  return [...shapes, ...otherRows(scale)];
}

/** Events until a verdict on other shares, up to 5,000. */
function otherRows(scale: number): CalibrationRow[] {
  return OTHERS.map(({ name, allowedShare, badShare, mostN }, at) => {
    const runs = badShare === 0 || badShare === 1 ? 1 : Math.ceil(1000 * scale);
    const simulation = {
      source: SHAPES.constant?.(independent(badShare)) as LatencySource,
      runs,
      draw: seededDraw(1900 + at),
    };
    return {
      section: 'share, simulated',
      name: `${name}, ${100 * badShare} % bad`,
      runs,
      figures: shareSimulator({ ...P95_PLAN, allowedShare })(simulation),
      goals: mostN === null ? [] : [{ figure: 'averageN', atMost: mostN }],
    };
  });
}

/** Shares that are met exactly come out a little over in half of the simulations. */
function simulatedGoal(goal: Goal, runs: number): Goal {
  const isShare = goal.figure === 'pass' || goal.figure === 'fail';
  if (!isShare || goal.atMost === undefined) return goal;
  return { ...goal, atMost: withinError(goal.atMost, runs) };
}
