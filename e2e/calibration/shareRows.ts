import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { sequentialSampler } from '../core/statistics/sampleSize.ts';
import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import { type ShareTestPlan, type VerdictName, verdictName } from '../core/statistics/verdict.ts';
import { drawMonotony } from '../core/testing/drawMonotony.ts';
import { independent, type LatencySource, LIMIT_MS, SHAPES } from '../core/testing/eventSources.ts';
import {
  type CalibrationRow,
  chanceOfAny,
  countOutcomes,
  type Goal,
  raiseBySimulationError,
  rounded,
  roundedShares,
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
  const section = 'share, simulated';
  const others = otherTests(P95_PLAN);
  const shapes = Object.entries(SHAPES).flatMap(([shape, sourceOf], shapeAt) =>
    CASES.map(({ badShare, goals }, at): CalibrationRow => {
      const runs = Math.ceil((badShare === 0.05 ? 4000 : 2000) * scale);
      const source = sourceOf(independent(badShare));
      const draw = seededDraw(1000 + 100 * shapeAt + at);
      const compared = shape === 'log-normal' ? others : null;
      return {
        section,
        name: `P95, ${shape}, ${badShare * 100} % bad`,
        runs,
        figures: simulate(P95_PLAN, source, runs, draw, compared),
        goals: goals.map((goal) => simulatedGoal(goal, runs)),
      };
    }),
  );
  const otherShares = OTHER_CASES.map(({ name, allowedShare, badShare, mostN }, at) => {
    const runs = badShare === 0 || badShare === 1 ? 1 : Math.ceil(1000 * scale);
    const source = SHAPES.constant?.(independent(badShare)) as LatencySource;
    return {
      section,
      name: `${name}, ${100 * badShare} % bad`,
      runs,
      figures: simulate({ ...P95_PLAN, allowedShare }, source, runs, seededDraw(1900 + at), null),
      goals: mostN === null ? [] : [{ figure: 'averageN', atMost: mostN }],
    };
  });
  return [...shapes, ...otherShares];
}

/** In half of the simulations a share exceeds its true value, so a goal allows for the error of the simulation. */
function simulatedGoal(goal: Goal, runs: number): Goal {
  const isShare = goal.figure === 'pass' || goal.figure === 'fail';
  if (!isShare || goal.atMost === undefined) return goal;
  return { ...goal, atMost: raiseBySimulationError(goal.atMost, runs) };
}

/** The sample budget of each simulated run. */
const MAX_EVENTS = 5000;

/** Samples until clear by the test that judges runs, and counts the verdicts, also those of `others` on the same events. */
function simulate(
  plan: ShareTestPlan,
  source: LatencySource,
  runs: number,
  draw: Draw,
  others: OtherTests | null,
): Record<string, number> {
  const sample = sequentialSampler(plan);
  let events = 0;
  const counts = countOutcomes(runs, [...verdictName.options, ...OTHER_OUTCOMES], () => {
    const nextLatency = source(draw);
    const seen: boolean[] = [];
    const next = (): boolean => {
      const isBad = nextLatency() >= LIMIT_MS;
      if (others !== null) seen.push(isBad);
      return isBad;
    };
    const { verdict, n } = sample({ next, mostEvents: MAX_EVENTS });
    events += n;
    if (others === null) return [verdict];
    while (seen.length < MAX_EVENTS) next();
    return [verdict, ...others(seen)];
  });
  const { pass, fail, inconclusive: open, ...otherCounts } = counts;
  return {
    ...roundedShares({ pass, fail, open }, runs),
    averageN: rounded(events / runs, 1),
    'a fail in 25': rounded(chanceOfAny(fail / runs, OBJECTIVES)),
    ...(others === null ? {} : roundedShares(otherCounts, runs)),
  };
}

const OTHER_OUTCOMES = [
  'P95 of 20 passes',
  'test of 20 passes',
  're-test passes',
  're-test fails',
] as const;

type OtherTests = (seen: readonly boolean[]) => (false | (typeof OTHER_OUTCOMES)[number])[];

const SMALL_SAMPLE = 20;
const RETEST_ALPHA = 0.05;

/** What other tools do: compare the P95 of 20 with the limit, test 20 exactly, or repeat an exact 5 % test after every event. */
function otherTests(plan: ShareTestPlan): OtherTests {
  const exact = { ...plan, passAlpha: RETEST_ALPHA, failAlpha: RETEST_ALPHA };
  const bounds = decisionBounds((bad, size) => fixedSampleTest(bad, size, exact), MAX_EVENTS);
  return (seen) => {
    const bad = seen.slice(0, SMALL_SAMPLE).filter(Boolean).length;
    const retest = firstClear(seen, bounds);
    return [
      bad <= SMALL_SAMPLE * plan.allowedShare && 'P95 of 20 passes',
      fixedSampleTest(bad, SMALL_SAMPLE, plan) === 'pass' && 'test of 20 passes',
      retest === 'pass' && 're-test passes',
      retest === 'fail' && 're-test fails',
    ];
  };
}

type DecisionBounds = { mostToPass: Int32Array; fewestToFail: Int32Array };

function firstClear(seen: readonly boolean[], bounds: DecisionBounds): VerdictName {
  let bad = 0;
  for (const [at, isBad] of seen.entries()) {
    if (isBad) bad += 1;
    if (bad <= (bounds.mostToPass[at + 1] as number)) return 'pass';
    if (bad >= (bounds.fewestToFail[at + 1] as number)) return 'fail';
  }
  return 'inconclusive';
}

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

/** Statistics with the largest sample budgets of the committed budgets. */
const MONOTONE_CASES = [
  { name: 'P50', allowedShare: 0.5, mostEvents: 150 },
  { name: 'P75', allowedShare: 0.25, mostEvents: 100 },
  { name: 'P95', allowedShare: 0.05, mostEvents: 600 },
  { name: '99.9 %', allowedShare: 0.001, mostEvents: 5000 },
];

/** How often one better event makes a verdict worse, or the reverse. Discounting bursts causes this; it must be rare. */
export function monotoneRows(scale: number): CalibrationRow[] {
  return MONOTONE_CASES.map((objective, at) => {
    const runs = Math.ceil((objective.mostEvents > 1000 ? 4_000 : 20_000) * scale);
    const seen = drawMonotony(objective, runs, seededDraw(2950 + at));
    const share = (part: number, of: number) => rounded(part / Math.max(1, of));
    const figures = {
      'better loses a pass': share(seen.passLostByBetter, seen.pass),
      'worse wins a pass': share(seen.passWonByWorse, seen.inconclusive),
      'worse loses a fail': share(seen.failLostByWorse, seen.fail),
      'better wins a fail': share(seen.failWonByBetter, seen.inconclusive),
    };
    return {
      section: 'share, one event changed',
      name: `${objective.name}, up to ${objective.mostEvents} events`,
      runs,
      figures,
      goals: ['better loses a pass', 'worse wins a pass'].map((figure) => ({
        figure,
        atMost: 0.005,
      })),
    };
  });
}
