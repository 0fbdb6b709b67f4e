import type { Objective } from './core/budget/objective.ts';
import { ANY_FAULT } from './core/budget/operationCatalogue.ts';
import {
  type Diagnose,
  diagnoseAnswer,
  diagnoseFirstVisit,
  diagnoseHeap,
  diagnoseVisit,
} from './diagnosis/diagnoses.ts';
import { allOrFirstFailure } from './engine/offerUntilEnough.ts';
import type { Measured } from './matchers/judgeMeasured.ts';
import { constantModel, type ModelBehaviour } from './probes/aiMock.ts';
import { measureWorkloads } from './workloads/api/measureWorkloads.ts';
import type { Workload, WorkloadLimits } from './workloads/api/plan.ts';
import { type Situations, situationWorkloads } from './workloads/api/situations.ts';
import {
  type OutageOffer,
  outageWorkload,
  type RequestsOffer,
  requestsWorkload,
  servesObjective,
  type TenantsOffer,
  tenantsWorkload,
  type WholeRunOffer,
  wholeRunWorkload,
} from './workloads/api/workloads.ts';
import { measureLoad } from './workloads/load/measureLoad.ts';
import { judgedObjectives, type MeasuringContext } from './workloads/measuringContext.ts';
import { measureLighthouse, measureLighthouseFlow } from './workloads/page/measureLighthouse.ts';
import { measureMisbehaving } from './workloads/page/measureMisbehaving.ts';
import { measurePageAnswers, type QuestionsOffer } from './workloads/page/measurePageAnswers.ts';
import { measurePageHeap } from './workloads/page/measurePageHeap.ts';
import {
  measureFirstVisits,
  measurePageVisits,
  measureRepeatVisits,
} from './workloads/page/measureVisits.ts';
import { DESKTOP, PHONE } from './workloads/page/visitor.ts';
import { type MemoryOffer, measureApiMemory } from './workloads/service/measureApiMemory.ts';
import { measureColdStarts } from './workloads/service/measureColdStarts.ts';

/**
 * A measurement, which a spec states with one of the functions below and `testWith` makes a fixture of. To add a kind, add a function here,
 * and the name of its workload to `MAKERS`.
 */
export type Measurement = {
  /** Does it show whether an objective is met? */
  serves: (objective: Objective) => boolean;
  /** Measures what the record lacks. */
  measure: (context: MeasuringContext) => Promise<void>;
  /** The workloads that it plans, known before the run; none for pages, processes and loads. */
  workloads: (limits: WorkloadLimits) => Workload[];
  /** How the step that missed an objective is repeated to find the cause; null if it cannot be repeated. */
  diagnose: (objective: Objective) => Diagnose | null;
  /** Time-out of the fixture, so that the one of the test does not cut it off; 0 for none. */
  timeoutMs: number;
};

/** Requests at a steady rate, until each objective that they serve is clear or its sample budget is spent. */
export function requests(offer: RequestsOffer): Measurement {
  return {
    ...measurementOfRequests('requests', (limits) => [requestsWorkload(offer, limits)]),
    serves: (objective) => servesObjective(offer, objective),
  };
}

/** Requests for an objective over the whole run. Those that other workloads have sent count too: only what is missing is sent. */
export function requestsOfWholeRun(offer: WholeRunOffer): Measurement {
  return measurementOfRequests('requestsOfWholeRun', (limits) => [wholeRunWorkload(offer, limits)]);
}

/** Requests of many tenants at once, one of them busier than all others together. */
export function requestsOfTenants(offer: TenantsOffer): Measurement {
  return measurementOfRequests('requestsOfTenants', (limits) => [tenantsWorkload(offer, limits)]);
}

/** Requests while the model cannot be reached for a while. */
export function outage(offer: OutageOffer): Measurement {
  return measurementOfRequests('outage', (limits) =>
    [outageWorkload(offer, limits)].filter((workload) => workload !== null),
  );
}

/** A model that is slow, hangs, fails or answers nonsense, each in a workload of its own. */
export function misbehavingModel(situations: Situations): Measurement {
  return measurement('misbehavingModel', {
    serves: (objective) => {
      const { fault } = objective;
      const offered = fault === ANY_FAULT || Object.hasOwn(situations, fault ?? '');
      return offered && findMaker(objective) === 'misbehavingModel';
    },
    measure: (context) => measureMisbehaving(situations, context),
    workloads: (limits) =>
      Object.entries(situations).flatMap(([name, situation]) =>
        situationWorkloads(name, situation, limits),
      ),
  });
}

/** Names of the loads that a budget may describe. */
export const LOADS = ['fiveTenants', 'sustained', 'peak', 'soak', 'capacity'] as const;

/** A load. The budget of the target describes its rate, duration, operations and model. */
export function loadOfBudget(name: (typeof LOADS)[number]): Measurement {
  return measurement('loadOfBudget', {
    serves: ({ workload }) => workload === name,
    measure: (context) => measureLoad(name, context),
    timeoutMs: 0,
  });
}

/** The memory that requests leave behind in the API's process, read after each batch of them. */
export function apiMemory(offer: MemoryOffer): Measurement {
  return measurement('apiMemory', { measure: (context) => measureApiMemory(offer, context) });
}

/** How long SalesTalk takes to start, one process after the other. Only `/health` is requested, which asks no model. */
export function coldStarts(): Measurement {
  return measurement('coldStarts', { measure: measureColdStarts });
}

/** Questions asked on one page, one after the other, each answer timed as it is painted. */
export function pageAnswers(offer: QuestionsOffer): Measurement {
  return measurement('pageAnswers', {
    measure: (context) => measurePageAnswers(offer, context),
    diagnose: () => diagnoseAnswer(offer.model),
  });
}

type PageResourcesOffer = {
  /** The memory that each question leaves behind in one page. */
  pageHeap?: QuestionsOffer;
  /** The weight of a first visit, and what a second one fetches again. No question is asked. */
  pageVisits?: true;
};

/**
 * The resources that a page takes. Both parts run at the same time, each in a browser of its own, since neither is timed. Only what selected
 * objectives need is measured.
 */
export function pageResources({ pageHeap, pageVisits }: PageResourcesOffer): Measurement {
  const measures: Record<string, Measurement['measure']> = {
    ...(pageHeap && { pageHeap: (context) => measurePageHeap(pageHeap, context) }),
    ...(pageVisits && { pageVisits: measurePageVisits }),
  };
  return measurement('pageResources', {
    serves: ({ workload }) => Object.hasOwn(measures, workload ?? ''),
    measure: async (context) => {
      const wanted = new Set(judgedObjectives(context).map(({ workload }) => workload));
      const parts = Object.entries(measures).filter(([name]) => wanted.has(name));
      await allOrFirstFailure(parts.map(([, measure]) => measure(context)));
    },
    diagnose: ({ workload }) =>
      workload === 'pageHeap' && pageHeap ? diagnoseHeap(pageHeap.model) : diagnoseVisit,
  });
}

/** Lighthouse runs of the page on a desktop, one after the other. No question is asked. */
export function lighthouse(): Measurement {
  return measurement('lighthouse', { measure: measureLighthouse, diagnose: () => diagnoseVisit });
}

/** Visits with one question each. */
type VisitsOffer = { model: ModelBehaviour };

/** Lighthouse flows, one after the other: a first visit on a phone and the question that follows. */
export function lighthouseFlow({ model }: VisitsOffer): Measurement {
  return measurement('lighthouseFlow', {
    measure: (context) => measureLighthouseFlow(model, context),
    diagnose: () => diagnoseFirstVisit(PHONE, model),
  });
}

const VISITORS = { desktop: DESKTOP, phone: PHONE };

/** First visits, with a sign-in and a question, each in a new browser context. */
export function firstVisits(device: keyof typeof VISITORS, { model }: VisitsOffer): Measurement {
  return measurement('firstVisits', {
    serves: ({ workload }) => workload === `${device}Visits`,
    measure: (context) => measureFirstVisits(VISITORS[device], model, context),
    diagnose: () => diagnoseFirstVisit(VISITORS[device], model),
  });
}

/** Second visits ask nothing, but the visit that is repeated to find the cause of a miss does. */
const REPEATED_MODEL = constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 });

/** Second visits, with what the browser kept of the first. No question is asked. */
export function repeatVisits(device: keyof typeof VISITORS): Measurement {
  return measurement('repeatVisits', {
    serves: ({ workload }) => workload === `${device}RepeatVisits`,
    measure: (context) => measureRepeatVisits(VISITORS[device], context),
    diagnose: () => diagnoseFirstVisit(VISITORS[device], REPEATED_MODEL),
  });
}

/** What the history says of earlier runs. The set-up has read it, so nothing is measured. */
export function earlierRuns(): Measurement {
  return measurement('earlierRuns', { measure: async () => undefined });
}

type MakerName =
  | 'requests'
  | 'requestsOfWholeRun'
  | 'requestsOfTenants'
  | 'outage'
  | 'misbehavingModel'
  | 'loadOfBudget'
  | 'apiMemory'
  | 'coldStarts'
  | 'pageAnswers'
  | 'pageResources'
  | 'lighthouse'
  | 'lighthouseFlow'
  | 'firstVisits'
  | 'repeatVisits'
  | 'earlierRuns';

/** The function above that offers a workload; `requests` for those that are not listed. */
const MAKERS: Record<string, MakerName> = {
  tenants: 'requestsOfTenants',
  outage: 'outage',
  ...Object.fromEntries(LOADS.map((name) => [name, 'loadOfBudget'])),
  apiMemory: 'apiMemory',
  coldStarts: 'coldStarts',
  pageAnswers: 'pageAnswers',
  pageHeap: 'pageResources',
  pageVisits: 'pageResources',
  lighthouse: 'lighthouse',
  lighthouseFlow: 'lighthouseFlow',
  desktopVisits: 'firstVisits',
  phoneVisits: 'firstVisits',
  desktopRepeatVisits: 'repeatVisits',
  phoneRepeatVisits: 'repeatVisits',
  earlierRuns: 'earlierRuns',
};

/** The function above whose measurement serves an objective. */
function findMaker({ workload, fault, metric }: Objective): MakerName {
  if (fault !== null && workload !== 'outage') return 'misbehavingModel';
  if (workload !== null) return MAKERS[workload] ?? 'requests';
  return metric.name === 'isolation' ? 'requestsOfTenants' : 'requestsOfWholeRun';
}

/** Describes the measurement that serves an objective: `requests() of "latencyBaseline" with "chat"`. */
function describeMaker(objective: Objective): string {
  const { workload, operation } = objective;
  const maker = findMaker(objective);
  const of = workload === null || workload === maker ? '' : ` of "${workload}"`;
  return `${maker}()${of}${maker === 'requests' ? ` with "${operation}"` : ''}`;
}

/** Longer than the requests of any measurement but a load take. */
const TIMEOUT_MS = 10 * 60_000;

function measurement(
  maker: MakerName,
  parts: Pick<Measurement, 'measure'> & Partial<Measurement>,
): Measurement {
  return {
    serves: (objective) => findMaker(objective) === maker,
    workloads: () => [],
    diagnose: () => null,
    timeoutMs: TIMEOUT_MS,
    ...parts,
  };
}

function measurementOfRequests(maker: MakerName, workloads: Measurement['workloads']): Measurement {
  return measurement(maker, {
    workloads,
    measure: async (context) => {
      const { header, target } = context.run;
      const limits = {
        objectives: header.objectives,
        maxPerSecond: target.ceilings.requestsPerSecond,
      };
      await measureWorkloads(workloads(limits), context);
    },
  });
}

/** What a test gets of a measurement that has been carried out. */
export function createMeasured(
  { serves, diagnose }: Pick<Measurement, 'serves' | 'diagnose'>,
  context: MeasuringContext,
): Measured {
  return {
    readRecord: () => context.record.read(),
    whyNotServed: (objective) =>
      serves(objective)
        ? null
        : `This measurement does not serve it. ${describeMaker(objective)} does.`,
    diagnose: async (objective) => (await diagnose(objective)?.(context, objective)) ?? null,
  };
}
