import type { Objective } from './core/budget/objective.ts';
import { ANY_FAULT } from './core/budget/operationCatalogue.ts';
import {
  type Diagnose,
  diagnoseAnswer,
  diagnoseFirstVisit,
  diagnoseHeap,
  diagnoseVisit,
} from './diagnosis/diagnoses.ts';
import { allOrFirstFailure } from './engine/workloadModels.ts';
import type { Measured } from './matchers/judgeMeasured.ts';
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
import { measureLighthouse, measureLighthouseFlow } from './workloads/page/measureLighthouse.ts';
import { type MeasuringContext, measureMisbehaving } from './workloads/page/measureMisbehaving.ts';
import { measurePageAnswers } from './workloads/page/measurePageAnswers.ts';
import { measurePageHeap } from './workloads/page/measurePageHeap.ts';
import {
  measureFirstVisits,
  measurePageVisits,
  measureRepeatVisits,
} from './workloads/page/measureVisits.ts';
import { DESKTOP, PHONE } from './workloads/page/pageContext.ts';
import { measureApiMemory } from './workloads/service/measureApiMemory.ts';
import { measureColdStarts } from './workloads/service/measureColdStarts.ts';

/**
 * A measurement, as a spec states it with one of the functions below. `testWith` makes a fixture of it.
 * To add a kind, add a function here, and the name of its workload to `MAKERS`.
 */
export type Measurement = {
  /** Does it show whether an objective is met? */
  serves: (objective: Objective) => boolean;
  /** Measures what the record of the run lacks. */
  measure: (context: MeasuringContext) => Promise<void>;
  /** The requests that it plans, known before the run; none for pages, processes and loads. */
  workloads: (limits: WorkloadLimits) => Workload[];
  /** How the step that missed an objective is repeated to find the cause; null if it cannot be. */
  diagnose: (objective: Objective) => Diagnose | null;
  /** Its own, so that the time-out of a test does not cut it off; 0: none. */
  timeoutMs: number;
};

/** Requests of the API at a steady rate, until each objective that they serve is clear, or its sample budget is spent. */
export function requests(offer: RequestsOffer): Measurement {
  return {
    ...measurementOfRequests('requests', (limits) => [requestsWorkload(offer, limits)]),
    serves: (objective) => servesObjective(offer, objective),
  };
}

/** Requests for an objective over all requests of the run. Those that other workloads have sent count, and only the rest is sent. */
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

/** A model that is slow, hangs, fails and answers nonsense, each in requests of its own. */
export function misbehavingModel(situations: Situations): Measurement {
  return measurement('misbehavingModel', {
    serves: (objective) => {
      const { fault } = objective;
      const offered = fault === ANY_FAULT || Object.hasOwn(situations, fault ?? '');
      return offered && makerOf(objective) === 'misbehavingModel';
    },
    measure: (context) => measureMisbehaving(situations, context),
    workloads: (limits) =>
      Object.entries(situations).flatMap(([name, situation]) =>
        situationWorkloads(name, situation, limits),
      ),
  });
}

/** Loads that a budget describes under these names. */
export const LOADS = ['fiveTenants', 'sustained', 'peak', 'soak', 'capacity'] as const;

/** A load, as the budget of the target describes it: its rate, duration, operations and model. */
export function loadOfBudget(name: (typeof LOADS)[number]): Measurement {
  return measurement('loadOfBudget', {
    serves: ({ workload }) => workload === name,
    measure: (context) => measureLoad(name, context),
    timeoutMs: 0,
  });
}

/** The memory that requests leave behind in the API's process. */
export function apiMemory(): Measurement {
  return measurement('apiMemory', { measure: (context) => measureApiMemory(context) });
}

/** How long SalesTalk takes to start. */
export function coldStarts(): Measurement {
  return measurement('coldStarts', { measure: (context) => measureColdStarts(context) });
}

/** Questions asked on the page, each answer timed as it is painted. The model is fast and even: `PAGE_MODEL`. */
export function pageAnswers(): Measurement {
  return measurement('pageAnswers', {
    measure: measurePageAnswers,
    diagnose: () => diagnoseAnswer,
  });
}

const PAGE_RESOURCES = { pageHeap: measurePageHeap, pageVisits: measurePageVisits };

/**
 * What a page takes: `pageHeap`, the memory that each question leaves behind, and `pageVisits`, the weight of a visit. These run at the
 * same time, each in a browser of its own, since neither is timed. Only what selected objectives need is measured.
 */
export function pageResources(...parts: (keyof typeof PAGE_RESOURCES)[]): Measurement {
  return measurement('pageResources', {
    serves: ({ workload }) => parts.some((part) => part === workload),
    measure: async (context) => {
      const { run, selected } = context;
      const wanted = parts.filter((part) =>
        run.header.objectives.some(
          ({ id, workload }) => workload === part && selected.includes(id),
        ),
      );
      await allOrFirstFailure(wanted.map((part) => PAGE_RESOURCES[part](context)));
    },
    diagnose: ({ workload }) => (workload === 'pageHeap' ? diagnoseHeap : diagnoseVisit),
  });
}

/** Lighthouse runs of the page on a desktop. */
export function lighthouse(): Measurement {
  return measurement('lighthouse', { measure: measureLighthouse, diagnose: () => diagnoseVisit });
}

/** Lighthouse flows: a first visit on a phone and the question that follows. The model is fast and even: `PAGE_MODEL`. */
export function lighthouseFlow(): Measurement {
  return measurement('lighthouseFlow', {
    measure: measureLighthouseFlow,
    diagnose: () => diagnoseFirstVisit(PHONE),
  });
}

const VISITORS = { desktop: DESKTOP, phone: PHONE };

/** First visits, with a sign-in and a question, each in a new browser context. The model is fast and even: `PAGE_MODEL`. */
export function firstVisits(device: keyof typeof VISITORS): Measurement {
  return measurement('firstVisits', {
    serves: ({ workload }) => workload === `${device}Visits`,
    measure: (context) => measureFirstVisits(VISITORS[device], context),
    diagnose: () => diagnoseFirstVisit(VISITORS[device]),
  });
}

/** Second visits, with what the browser kept of the first. */
export function repeatVisits(device: keyof typeof VISITORS): Measurement {
  return measurement('repeatVisits', {
    serves: ({ workload }) => workload === `${device}RepeatVisits`,
    measure: (context) => measureRepeatVisits(VISITORS[device], context),
    diagnose: () => diagnoseFirstVisit(VISITORS[device]),
  });
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
  | 'repeatVisits';

/** Names of workloads that only one of the functions above offers. Those that are not here are offered by `requests`. */
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
};

/** The function above whose measurement serves an objective. */
function makerOf({ workload, fault, metric }: Objective): MakerName {
  if (fault !== null && workload !== 'outage') return 'misbehavingModel';
  if (workload !== null) return MAKERS[workload] ?? 'requests';
  return metric.name === 'isolation' ? 'requestsOfTenants' : 'requestsOfWholeRun';
}

/** As a spec writes it: `requests() of "latencyBaseline" with "chat"`. */
function describeMaker(objective: Objective): string {
  const { workload, operation } = objective;
  const maker = makerOf(objective);
  const of = workload === null || workload === maker ? '' : ` of "${workload}"`;
  return `${maker}()${of}${maker === 'requests' ? ` with "${operation}"` : ''}`;
}

/** A measurement takes as long as its requests do. */
const TIMEOUT_MS = 10 * 60_000;

function measurement(
  maker: MakerName,
  parts: Pick<Measurement, 'measure'> & Partial<Measurement>,
): Measurement {
  return {
    serves: (objective) => makerOf(objective) === maker,
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
      const { objectives } = header;
      const maxPerSecond = target.ceilings.requestsPerSecond;
      await measureWorkloads(workloads({ objectives, maxPerSecond }), context);
    },
  });
}

/** What a test gets of a measurement that has been carried out. */
export function measuredBy(
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
