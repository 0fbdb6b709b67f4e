import { samplerOf } from '../core/statistics/sampleSize.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import { falseFailEach } from '../core/statistics/verdict.ts';
import { inBursts, independent } from '../core/testing/eventSources.ts';
import { anyOfMany, type CalibrationRow, rounded, withinError } from './calibrationRow.ts';
import { type ObjectivesOfRun, RUNS_OF_BUDGETS, type RunOfBudget } from './runsOfBudgets.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01 };
/** Mean lengths of bursts, and those up to which the rate of a false fail is claimed. */
const LENGTHS = [1, 3, 6, 10, 30];
const LONGEST_CLAIMED = 10;
/** Bursts of so many requests are meant at this rate: what is used once in seconds is hit by no more of them than fall into that time. */
const REQUESTS_PER_SECOND = 6;
const SLOWEST_STREAM_PER_SECOND = 0.5;

/** Visits of a page that are bad in bursts themselves, minutes of them: nothing can tell these from a page that is always bad. */
const BURSTS_OF_VISITS = [3, 6, 10];

/**
 * Runs whose objectives are all at the boundary, where bad events come in bursts: how often each passes, how often it fails, and how often the
 * run fails, which is to be no more than it claims for bursts of up to 10.
 */
export function burstRows(scale: number): CalibrationRow[] {
  return RUNS_OF_BUDGETS.flatMap((run, at) =>
    LENGTHS.flatMap((length) =>
      rowsOfRun(run, length, scale, seededDraw(2000 + 100 * at + length)),
    ),
  ).concat(rowsOfVisits(scale));
}

function rowsOfRun(
  run: RunOfBudget,
  length: number,
  scale: number,
  draw: ReturnType<typeof seededDraw>,
): CalibrationRow[] {
  const section = `share, bursts, ${run.name}`;
  // Of a few runs one that fails is too many: a quick check only sees that nothing has changed.
  const isFull = scale === 1;
  let logNoFail = 0;
  const rows = run.kinds.map((kind): CalibrationRow => {
    const runs = runsOf(kind, scale);
    const { pass, fail } = simulate(kind, run, lengthFor(kind, length), runs, draw);
    logNoFail += kind.objectives * Math.log1p(-fail);
    const name = `${kind.objectives} × ${describe(kind)}, bursts of ${length}`;
    const goals =
      length === 1 ? [{ figure: 'pass', atMost: withinError(RATES.falsePass, runs) }] : [];
    return { section, name, runs, figures: { pass: rounded(pass), fail: rounded(fail, 6) }, goals };
  });
  const whole: CalibrationRow = {
    section,
    name: `the run, bursts of ${length}`,
    runs: null,
    figures: { 'the run fails': rounded(-Math.expm1(logNoFail), 5) },
    goals: length <= LONGEST_CLAIMED && isFull ? [{ figure: 'the run fails', atMost: 0.01 }] : [],
  };
  return [...rows, whole];
}

function rowsOfVisits(scale: number): CalibrationRow[] {
  const visits = RUNS_OF_BUDGETS.flatMap((run) =>
    run.kinds.filter(isOfVisits).map((kind) => ({ run, kind })),
  );
  return visits.flatMap(({ run, kind }, at) =>
    BURSTS_OF_VISITS.map((length) => {
      const runs = runsOf(kind, scale);
      const draw = seededDraw(2900 + 40 * at + length);
      const { pass, fail } = simulate(kind, run, length, runs, draw);
      return {
        section: 'share, bursts of visits',
        name: `${describe(kind)}, bursts of ${length} visits`,
        runs,
        figures: {
          pass: rounded(pass),
          fail: rounded(fail, 6),
          'any of all': rounded(anyOfMany(fail, kind.objectives)),
        },
        goals: [],
      };
    }),
  );
}

function simulate(
  kind: ObjectivesOfRun,
  { judged }: RunOfBudget,
  length: number,
  runs: number,
  draw: ReturnType<typeof seededDraw>,
): { pass: number; fail: number } {
  const failAlpha = falseFailEach({ ...RATES, objectivesInRun: judged });
  const { allowedShare, sampleBudget, eventsPerSecond } = kind;
  const sample = samplerOf({ allowedShare, passAlpha: RATES.falsePass, failAlpha }, kind);
  const source = length <= 1 ? independent(allowedShare) : inBursts(allowedShare, length);
  const counts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < runs; run++) {
    const timing = eventsPerSecond === null ? {} : { eventsPerSecond };
    counts[sample({ next: source(draw), mostEvents: sampleBudget, ...timing }).verdict] += 1;
  }
  return { pass: counts.pass / runs, fail: counts.fail / runs };
}

/** Bursts of requests are as long as they are said to be; of what is slower, they last as long. */
function lengthFor(kind: ObjectivesOfRun, length: number): number {
  if (kind.mostInABurst !== undefined) return 1;
  const rate = kind.eventsPerSecond;
  return rate !== null && isOfVisits(kind) ? (length * rate) / REQUESTS_PER_SECOND : length;
}

function isOfVisits({ eventsPerSecond }: ObjectivesOfRun): boolean {
  return eventsPerSecond !== null && eventsPerSecond < SLOWEST_STREAM_PER_SECOND;
}

/** Of the long ones fewer, since they take most of the time. */
function runsOf({ sampleBudget }: ObjectivesOfRun, scale: number): number {
  return Math.ceil((sampleBudget > 600 ? 3_000 : 8_000) * scale);
}

function describe({ statistic, sampleBudget, eventsPerSecond }: ObjectivesOfRun): string {
  const rate = eventsPerSecond === null ? '' : ` at ${eventsPerSecond}/s`;
  return `${statistic}, ${sampleBudget}${rate}`;
}
