import type { Objective } from '../core/budget/objective.ts';
import { fewestToEstablish } from '../core/budget/sampleBudget.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import {
  apiMemory,
  coldStarts,
  firstVisits,
  LOADS,
  lighthouse,
  loadOfBudget,
  type Measurement,
  misbehavingModel,
  outage,
  pageAnswers,
  pageResources,
  requests,
  requestsOfTenants,
  requestsOfWholeRun,
} from '../measurements.ts';
import { constantModel } from '../probes/aiMock.ts';
import { SITUATIONS, type Situations } from '../workloads/api/situations.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';

export type Suite = keyof typeof SUITES;

/** The models of the specs in `e2e/perf/` and `e2e/experience/`. */
export const PAGE_MODEL = constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 });
export const QUICK_MODEL = constantModel({ latencyMs: 5, firstChunkMs: 5, betweenChunksMs: 2 });

const SUITES = {
  // At a higher rate than in the spec, and with a quick model.
  baseline: requests({
    workload: 'latencyBaseline',
    operations: ['classify', 'chat', 'narrative'],
    ratePerSecond: 25,
    warmUpEach: 3,
    model: { latency: { distribution: 'constant', ms: 50 } },
  }),
  availability: requestsOfWholeRun({
    shares: { classify: 3 / 4, chat: 1 / 4 },
    ratePerSecond: 200,
    warmUpEach: 20,
    model: { latency: { distribution: 'constant', ms: 5 } },
  }),
  tenants: requestsOfTenants({
    tenants: [5, 20],
    busiestShare: 0.6,
    shares: { classify: 1 / 2, chat: 1 / 2 },
    foreignSessions: 60,
    ratePerSecond: 200,
    warmUpEach: 5,
    model: { latency: { distribution: 'constant', ms: 20 } },
  }),
  outage: outage({
    operation: 'classify',
    ratePerSecond: 40,
    model: { latency: { distribution: 'constant', ms: 20 } },
    refusesConnections: { afterMs: 1_500, forMs: 1_500 },
  }),
  misbehavingModel: misbehavingModel(SITUATIONS),
  pageAnswers: pageAnswers({ warmUps: 5, model: PAGE_MODEL }),
  pageVisits: pageResources({ pageVisits: true }),
  pageHeap: pageResources({ pageHeap: { warmUps: 30, model: QUICK_MODEL } }),
  lighthouse: lighthouse(),
  desktopVisits: firstVisits('desktop', { model: PAGE_MODEL }),
  apiMemory: apiMemory({
    warmUps: 21,
    batchSize: 50,
    ratePerSecond: 800,
    model: { latency: { distribution: 'constant', ms: 2 } },
  }),
  coldStarts: coldStarts(),
  fiveTenants: loadOfBudget('fiveTenants'),
  sustained: loadOfBudget('sustained'),
  peak: loadOfBudget('peak'),
  soak: loadOfBudget('soak'),
  capacity: loadOfBudget('capacity'),
} satisfies Record<string, Measurement>;

/** Suites of pages and processes. Each has one workload, of the same name. */
export const SINGLE_WORKLOADS = [
  'pageAnswers',
  'pageVisits',
  'pageHeap',
  'lighthouse',
  'desktopVisits',
  'apiMemory',
  'coldStarts',
] as const satisfies Suite[];

export async function measureSuites(
  suites: readonly Suite[],
  context: MeasuringContext,
  situations: Situations = SITUATIONS,
): Promise<void> {
  const measurements = { ...SUITES, misbehavingModel: misbehavingModel(situations) };
  for (const suite of suites) await measurements[suite].measure(context);
}

/** The suite that shows whether an objective is met; null if no variant is measured for it. */
export function findSuite(objective: Objective): Suite | null {
  const suites = Object.entries<Measurement>(SUITES) as [Suite, Measurement][];
  return suites.find(([, { serves }]) => serves(objective))?.[0] ?? null;
}

/** A planted defect shows soon: what a noisy moment leaves open is not worth minutes. */
const MAX_EVENTS = 200;
/** A broken rule shows in any request. */
const MAX_RULE_EVENTS = 12;
/** Enough to fail a P95 if every answer is bad: at half a second each, 5 s of them are one burst. */
const MAX_PAGE_ANSWERS = 60;
/** Samples that take seconds each: enough to fail a median if every one is bad. */
const MAX_SLOW_SAMPLES = 20;

/** Gives each objective the sample budget that shows a planted defect. A regression has none: its baseline has another model and rate. */
export function reduceSampleBudgets(header: RunLine): RunLine {
  const kept = header.objectives.filter(({ metric }) => metric.kind !== 'regression');
  const objectives = kept.map((objective) => {
    const { allowedShare, sampleBudget } = objective;
    // To pass, a high quantile takes more than the maximum.
    const fewest = allowedShare > 0 ? fewestToEstablish(objective, header.statistics.falsePass) : 0;
    const reduced = Math.max(fewest, maxSampleBudget(objective));
    return { ...objective, sampleBudget: Math.min(sampleBudget, reduced) };
  });
  return { ...header, objectives };
}

function maxSampleBudget(objective: Objective): number {
  const { workload, fault, metric, sampleBudget } = objective;
  if (workload === 'pageAnswers') return MAX_PAGE_ANSWERS;
  // The budget fixes how long a load lasts.
  if (LOADS.some((name) => name === workload)) return sampleBudget;
  if (SINGLE_WORKLOADS.some((name) => name === findSuite(objective))) return MAX_SLOW_SAMPLES;
  if (metric.name === 'soundness') return MAX_EVENTS / 4;
  const isRule = metric.kind === 'zeroTolerance' || metric.kind === 'maximum';
  if (fault !== null) return isRule ? MAX_RULE_EVENTS : sampleBudget;
  return workload === null || workload === 'tenants' ? sampleBudget : MAX_EVENTS;
}
