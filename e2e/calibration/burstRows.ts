import { sequentialSampler } from '../core/statistics/sampleSize.ts';
import { type Draw, seededDraw } from '../core/statistics/seededDraw.ts';
import { testLevels, verdictName } from '../core/statistics/verdict.ts';
import { inBursts, independent } from '../core/testing/eventSources.ts';
import {
  type CalibrationRow,
  chanceOfAny,
  countOutcomes,
  raiseBySimulationError,
  rounded,
} from './calibrationRow.ts';

const RATES = { falsePass: 0.05, falseFail: 0.01 };
/** Mean lengths of bursts, in requests at REQUESTS_PER_SECOND. Up to LONGEST_CLAIMED the rate of false fails is claimed. */
const LENGTHS = [1, 3, 6, 10, 30];
const LONGEST_CLAIMED = 10;
const REQUESTS_PER_SECOND = 6;
/** Events at a lower rate are visits or starts, of which fewer fall into a burst. */
const SLOWEST_STREAM_PER_SECOND = 0.5;

/** Mean lengths of bursts of page visits. They last for minutes, and no test can tell them from a page that is always bad. */
const BURSTS_OF_VISITS = [3, 6, 10];

/** How often objectives and the run fail if all are exactly met and bad events come in bursts. Bursts of up to 10 must not raise that. */
export function burstRows(scale: number): CalibrationRow[] {
  return CALIBRATED_RUNS.flatMap((run, at) =>
    LENGTHS.flatMap((length) =>
      rowsOfRun(run, length, scale, seededDraw(2000 + 100 * at + length)),
    ),
  ).concat(rowsOfVisits(scale));
}

function rowsOfRun(
  run: CalibratedRun,
  length: number,
  scale: number,
  draw: Draw,
): CalibrationRow[] {
  const section = `share, bursts, ${run.name}`;
  // In a quick check one failed run would exceed the goal.
  const isFull = scale === 1;
  let logNoFail = 0;
  const rows = run.kinds.map((kind): CalibrationRow => {
    const runs = countRuns(kind, scale);
    const { pass, fail } = simulate(kind, run, scaleBurstLength(kind, length), runs, draw);
    logNoFail += kind.objectives * Math.log1p(-fail);
    const name = `${kind.objectives} × ${describe(kind)}, bursts of ${length}`;
    const goals =
      length === 1
        ? [{ figure: 'pass', atMost: raiseBySimulationError(RATES.falsePass, runs) }]
        : [];
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
  const visits = CALIBRATED_RUNS.flatMap((run) =>
    run.kinds.filter(isOfVisits).map((kind) => ({ run, kind })),
  );
  return visits.flatMap(({ run, kind }, at) =>
    BURSTS_OF_VISITS.map((length) => {
      const runs = countRuns(kind, scale);
      const draw = seededDraw(2900 + 40 * at + length);
      const { pass, fail } = simulate(kind, run, length, runs, draw);
      return {
        section: 'share, bursts of visits',
        name: `${describe(kind)}, bursts of ${length} visits`,
        runs,
        figures: {
          pass: rounded(pass),
          fail: rounded(fail, 6),
          'any of all': rounded(chanceOfAny(fail, kind.objectives)),
        },
        goals: [],
      };
    }),
  );
}

function simulate(
  kind: ObjectiveGroup,
  { judged }: CalibratedRun,
  length: number,
  runs: number,
  draw: Draw,
): { pass: number; fail: number } {
  const { allowedShare, sampleBudget, eventsPerSecond } = kind;
  const plan = { allowedShare, ...testLevels({ ...RATES, objectivesInRun: judged }) };
  const sample = sequentialSampler(plan, kind);
  const source = length <= 1 ? independent(allowedShare) : inBursts(allowedShare, length);
  const timing = eventsPerSecond === null ? {} : { eventsPerSecond };
  const counts = countOutcomes(runs, verdictName.options, () => [
    sample({ next: source(draw), mostEvents: sampleBudget, ...timing }).verdict,
  ]);
  return { pass: counts.pass / runs, fail: counts.fail / runs };
}

/** The events in a burst that lasts as long as one of `length` requests. */
function scaleBurstLength(kind: ObjectiveGroup, length: number): number {
  if (kind.mostInABurst !== undefined) return 1;
  const rate = kind.eventsPerSecond;
  return rate !== null && isOfVisits(kind) ? (length * rate) / REQUESTS_PER_SECOND : length;
}

function isOfVisits({ eventsPerSecond }: ObjectiveGroup): boolean {
  return eventsPerSecond !== null && eventsPerSecond < SLOWEST_STREAM_PER_SECOND;
}

/** Long runs take most of the time, so there are fewer. */
function countRuns({ sampleBudget }: ObjectiveGroup, scale: number): number {
  return Math.ceil((sampleBudget > 600 ? 3_000 : 8_000) * scale);
}

function describe({ statistic, sampleBudget, eventsPerSecond }: ObjectiveGroup): string {
  const rate = eventsPerSecond === null ? '' : ` at ${eventsPerSecond}/s`;
  return `${statistic}, ${sampleBudget}${rate}`;
}

/** Objectives of one kind that a run judges together. */
type ObjectiveGroup = {
  statistic: string;
  allowedShare: number;
  sampleBudget: number;
  objectives: number;
  /** Of one objective; null: events have no times. */
  eventsPerSecond: number | null;
  /** That of the metric; the events are independent then. */
  mostInABurst?: number;
};

type CalibratedRun = {
  name: string;
  /** All objectives that it judges; the level of a false fail is split over them. */
  judged: number;
  kinds: readonly ObjectiveGroup[];
};

const [P50, P75, P90, P95] = [0.5, 0.25, 0.1, 0.05].map((allowedShare) => ({
  statistic: `P${100 - 100 * allowedShare}`,
  allowedShare,
})) as [Kind, Kind, Kind, Kind];
const AVAILABLE: Kind = { statistic: '99.9 %', allowedShare: 0.001 };
type Kind = Pick<ObjectiveGroup, 'statistic' | 'allowedShare'>;

/** Runs like those by `budgets/local.json`. They do not follow each change of the budget, so that the figures stay comparable; a test limits that. */
export const CALIBRATED_RUNS: readonly CalibratedRun[] = [
  {
    name: 'perf',
    judged: 63,
    kinds: [
      // Classify, chat and narrative share 6 requests a second.
      { ...P50, sampleBudget: 600, objectives: 5, eventsPerSecond: 2 },
      { ...P95, sampleBudget: 600, objectives: 7, eventsPerSecond: 2 },
      { ...P95, sampleBudget: 600, objectives: 1, eventsPerSecond: 48 },
      { ...AVAILABLE, sampleBudget: 5000, objectives: 1, eventsPerSecond: 200 },
      { ...P50, sampleBudget: 150, objectives: 1, eventsPerSecond: 8 },
      { ...P50, sampleBudget: 120, objectives: 1, eventsPerSecond: 40, mostInABurst: 5 },
      { ...P50, sampleBudget: 60, objectives: 1, eventsPerSecond: 20, mostInABurst: 5 },
      { ...P95, sampleBudget: 300, objectives: 4, eventsPerSecond: 3.6 },
      { ...P90, sampleBudget: 300, objectives: 1, eventsPerSecond: 3.6 },
      // A start that is bad takes 2 s or longer.
      { ...P50, sampleBudget: 15, objectives: 1, eventsPerSecond: 0.45 },
      { ...P50, sampleBudget: 20, objectives: 6, eventsPerSecond: 0.1 },
    ],
  },
  {
    name: 'experience',
    judged: 35,
    kinds: [
      { ...P75, sampleBudget: 40, objectives: 28, eventsPerSecond: 0.3 },
      { ...P50, sampleBudget: 20, objectives: 7, eventsPerSecond: 0.05 },
    ],
  },
  {
    name: 'load',
    judged: 14,
    kinds: [
      { ...P95, sampleBudget: 1000, objectives: 1, eventsPerSecond: 40 },
      { ...P95, sampleBudget: 1000, objectives: 1, eventsPerSecond: 23 },
      { ...P95, sampleBudget: 5000, objectives: 3, eventsPerSecond: 60 },
      { ...AVAILABLE, sampleBudget: 5000, objectives: 2, eventsPerSecond: 60 },
    ],
  },
];
