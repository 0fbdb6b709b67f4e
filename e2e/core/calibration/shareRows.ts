import { expectedSampling } from '../statistics/expectedSampling.ts';
import { seededDraw } from '../statistics/seededDraw.ts';
import {
  anyOfMany,
  type CalibrationRow,
  type Goal,
  rounded,
  withinError,
} from './calibrationRow.ts';
import { independent, SHAPES } from './eventSources.ts';
import { MOST_EVENTS, OBJECTIVES, shareSimulator } from './simulateShare.ts';

/** Of a run at 1 %. */
const FAIL_ALPHA = 0.01 / OBJECTIVES;
export const P95_PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: FAIL_ALPHA };

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
  { badShare: 0.1, goals: [{ figure: 'averageN', atMost: 500 }] },
  { badShare: 0.2, goals: [] },
];

/** The martingales alone, over independent events, without simulation: what they are guaranteed to do. */
export function exactShareRows(): CalibrationRow[] {
  const p95 = CASES.map(({ badShare, goals }) =>
    exactRow('P95', 0.05, badShare, MOST_EVENTS, goals),
  );
  const others = [
    exactRow('P50', 0.5, 0.05, 1000, []),
    exactRow('P50', 0.5, 0.5, 1000, [{ figure: 'pass', atMost: 0.05 }]),
    exactRow('99.9 %', 0.001, 0, 20_000, []),
    exactRow('99.9 %', 0.001, 0.0002, 20_000, []),
    exactRow('99.9 %', 0.001, 0.001, 20_000, [{ figure: 'pass', atMost: 0.05 }]),
    exactRow('99.9 %', 0.001, 0.02, 20_000, []),
  ];
  return [...p95, ...others];
}

function exactRow(
  name: string,
  allowedShare: number,
  badShare: number,
  mostEvents: number,
  goals: Goal[],
): CalibrationRow {
  const plan = { ...P95_PLAN, allowedShare };
  const { pass, fail, open, expectedN } = expectedSampling(plan, badShare, mostEvents);
  return {
    section: 'share, exact',
    name: `${name}, ${badShare * 100} % bad, up to ${mostEvents} events`,
    runs: null,
    figures: {
      pass: rounded(pass, 6),
      fail: rounded(fail, 6),
      open: rounded(open, 6),
      averageN: rounded(expectedN, 1),
      'a fail in 25': rounded(anyOfMany(fail, OBJECTIVES), 6),
    },
    goals:
      badShare === 0.05 && name === 'P95'
        ? [...goals, { figure: 'a fail in 25', atMost: 0.01 }]
        : goals,
  };
}

/** The whole procedure, as runs are judged, over latencies of several shapes. */
export function shareRows(scale: number): CalibrationRow[] {
  const simulate = shareSimulator(P95_PLAN);
  return Object.entries(SHAPES).flatMap(([shape, sourceOf], shapeAt) =>
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
}

/** Shares that are met exactly come out a little over in half of the simulations. */
function simulatedGoal(goal: Goal, runs: number): Goal {
  const isShare = goal.figure === 'pass' || goal.figure === 'fail';
  if (!isShare || goal.atMost === undefined) return goal;
  return { ...goal, atMost: withinError(goal.atMost, runs) };
}
