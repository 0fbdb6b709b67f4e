import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { sequentialSampler } from '../core/statistics/sampleSize.ts';
import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import type { ShareTestPlan, VerdictName } from '../core/statistics/verdict.ts';
import { independent, type LatencySource, LIMIT_MS, SHAPES } from '../core/testing/eventSources.ts';
import {
  anyOfMany,
  type CalibrationRow,
  type Goal,
  rounded,
  sharesOf,
  withinError,
} from './calibrationRow.ts';

/** Objectives of the run, over which its level of 1 % is split. */
const OBJECTIVES = 25;
const FAIL_ALPHA = 0.01 / OBJECTIVES;
export const P95_PLAN = { allowedShare: 0.05, passAlpha: 0.05, failAlpha: FAIL_ALPHA };

const OTHER_CASES = [
  { name: 'P50', allowedShare: 0.5, badShare: 0, mostN: 5 },
  { name: 'P50', allowedShare: 0.5, badShare: 0.05, mostN: null },
  { name: 'P50', allowedShare: 0.5, badShare: 0.9, mostN: null },
  { name: 'P50', allowedShare: 0.5, badShare: 1, mostN: null },
  { name: 'P95', allowedShare: 0.05, badShare: 1, mostN: null },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0, mostN: 3288 },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0.0002, mostN: null },
  { name: '99.9 %', allowedShare: 0.001, badShare: 0.02, mostN: null },
];

/** The true share of bad events, and the most that sampling may cost and err. */
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

/** Sampling of independent events until the verdict is clear. */
export function shareRows(scale: number): CalibrationRow[] {
  const simulate = shareSimulator(P95_PLAN);
  const shapes = Object.entries(SHAPES).flatMap(([shape, sourceOf], shapeAt) =>
    CASES.map(({ badShare, goals }, at) => {
      const runs = Math.ceil((badShare === 0.05 ? 4000 : 2000) * scale);
      const simulation: ShareSimulation = {
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

/** The same for other allowed shares. */
function otherRows(scale: number): CalibrationRow[] {
  return OTHER_CASES.map(({ name, allowedShare, badShare, mostN }, at) => {
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

/** In half of the simulations a share is above its true value, so the goal is raised by the error of the simulation. */
function simulatedGoal(goal: Goal, runs: number): Goal {
  const isShare = goal.figure === 'pass' || goal.figure === 'fail';
  if (!isShare || goal.atMost === undefined) return goal;
  return { ...goal, atMost: withinError(goal.atMost, runs) };
}

type ShareSimulation = {
  source: LatencySource;
  runs: number;
  draw: Draw;
  /** Also judge the same events by other tests. */
  withOthers?: boolean;
};

/** The sample budget of each simulated run. */
const MAX_EVENTS = 5000;
const SMALL_SAMPLE = 20;
const RETEST_ALPHA = 0.05;

/**
 * Makes a simulation of the test that judges runs: it samples until clear, and counts the verdicts. The other tests see the same
 * events: the P95 of 20 against the limit, an exact test of 20, and an exact 5 % test repeated after every event.
 */
function shareSimulator(
  plan: ShareTestPlan,
): (simulation: ShareSimulation) => Record<string, number> {
  const sample = sequentialSampler(plan);
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
        mostEvents: MAX_EVENTS,
      });
      counts[verdict] += 1;
      events += n;
      if (withOthers !== true) continue;
      while (seen.length < MAX_EVENTS) seen.push(next() >= LIMIT_MS);
      const badOfFew = seen.slice(0, SMALL_SAMPLE).filter(Boolean).length;
      if (badOfFew <= SMALL_SAMPLE * plan.allowedShare) counts.barePass += 1;
      if (fixedSampleTest(badOfFew, SMALL_SAMPLE, plan) === 'pass') counts.fixedPass += 1;
      retest ??= decisionBounds((bad, size) => fixedSampleTest(bad, size, exact), MAX_EVENTS);
      retests[firstClear(seen, retest)] += 1;
    }
    const { pass, fail, inconclusive: open, barePass, fixedPass } = counts;
    const own = {
      ...sharesOf({ pass, fail, open }, runs),
      averageN: rounded(events / runs, 1),
      'a fail in 25': rounded(anyOfMany(fail / runs, OBJECTIVES)),
    };
    if (withOthers !== true) return own;
    const others = {
      'P95 of 20 passes': barePass,
      'test of 20 passes': fixedPass,
      're-test passes': retests.pass,
      're-test fails': retests.fail,
    };
    return { ...own, ...sharesOf(others, runs) };
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

/** For each number of events, the most bad ones that pass and the fewest that fail. */
type DecisionBounds = { mostToPass: Int32Array; fewestToFail: Int32Array };

/** Tabulates a test, since it is repeated millions of times. Its bounds must not fall as events are added. */
function decisionBounds(
  test: (bad: number, n: number) => VerdictName,
  maxEvents: number,
): DecisionBounds {
  const mostToPass = new Int32Array(maxEvents + 1).fill(-1);
  const fewestToFail = new Int32Array(maxEvents + 1).fill(1);
  for (let n = 1; n <= maxEvents; n++) {
    let pass = mostToPass[n - 1] as number;
    while (pass < n && test(pass + 1, n) === 'pass') pass += 1;
    mostToPass[n] = pass;
    let fail = fewestToFail[n - 1] as number;
    while (fail <= n && test(fail, n) !== 'fail') fail += 1;
    fewestToFail[n] = fail;
  }
  return { mostToPass, fewestToFail };
}
