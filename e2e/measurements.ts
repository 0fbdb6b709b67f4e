import type { Objective } from './core/budget/objective.ts';
import {
  diagnoseAnswer,
  diagnoseFirstVisit,
  diagnoseHeap,
  diagnoseVisit,
} from './diagnosis/diagnoses.ts';
import type { Evidence, Measured } from './matchers/judgeMeasured.ts';
import type { RecordWriter } from './setup/recordWriter.ts';
import { measureLoad } from './workloads/load/measureLoad.ts';
import { measureLighthouse, measureLighthouseFlow } from './workloads/page/measureLighthouse.ts';
import { measurePageAnswers } from './workloads/page/measurePageAnswers.ts';
import { measurePageResources, PAGE_HEAP } from './workloads/page/measurePageResources.ts';
import { measureFirstVisits, measureRepeatVisits } from './workloads/page/measureVisits.ts';
import { DESKTOP, type PageContext, PHONE } from './workloads/page/pageContext.ts';
import type { ApiContext } from './workloads/recordWorkload.ts';

/** A measurement takes as long as its requests do; the time-out of a test must not interrupt it. */
export const MEASURING_TIMEOUT_MS = 10 * 60_000;
/** A load takes as long as the budget says, which may be days; its ceiling limits it. */
const NO_TIMEOUT_MS = 0;

/** What the page is measured by, each once a run. */
export type PageMeasurements = {
  /** Questions asked on the page, each answer timed as it is painted. */
  pageAnswers: Measured;
  /** The weight of a visit, and the memory that each question leaves behind in the page. */
  pageResources: Measured;
  /** Lighthouse runs of the page on a desktop. */
  lighthouse: Measured;
  /** First visits, with a sign-in and a question. */
  desktopVisits: Measured;
  phoneVisits: Measured;
  /** Second visits. */
  desktopRepeatVisits: Measured;
  phoneRepeatVisits: Measured;
  /** Lighthouse flows: a first visit on a phone and the question that follows. */
  lighthouseFlow: Measured;
};

export const pageMeasurements = {
  pageAnswers: pageFixture(measurePageAnswers, diagnoseAnswer),
  pageResources: pageFixture(measurePageResources, (pages, objective) =>
    (objective.workload === PAGE_HEAP ? diagnoseHeap : diagnoseVisit)(pages, objective),
  ),
  lighthouse: pageFixture(measureLighthouse, diagnoseVisit),
  desktopVisits: pageFixture(
    (pages) => measureFirstVisits(DESKTOP, pages),
    diagnoseFirstVisit(DESKTOP),
  ),
  phoneVisits: pageFixture((pages) => measureFirstVisits(PHONE, pages), diagnoseFirstVisit(PHONE)),
  desktopRepeatVisits: pageFixture(
    (pages) => measureRepeatVisits(DESKTOP, pages),
    diagnoseFirstVisit(DESKTOP),
  ),
  phoneRepeatVisits: pageFixture(
    (pages) => measureRepeatVisits(PHONE, pages),
    diagnoseFirstVisit(PHONE),
  ),
  lighthouseFlow: pageFixture(measureLighthouseFlow, diagnoseFirstVisit(PHONE)),
};

/** Loads that the budget describes, each offered once a run. */
export type LoadMeasurements = {
  /** Five tenants at once. */
  fiveTenants: Measured;
  /** A rate that the target must keep up. */
  sustained: Measured;
  /** The busiest time of the day that the product plans for. */
  peak: Measured;
  /** A load that lasts. */
  soak: Measured;
  /** One rate after the other, up to the knee. */
  capacity: Measured;
};

export const loadMeasurements = {
  fiveTenants: loadFixture('fiveTenants'),
  sustained: loadFixture('sustained'),
  peak: loadFixture('peak'),
  soak: loadFixture('soak'),
  capacity: loadFixture('capacity'),
};

/** A fixture of the worker that measures once a run, when a test first asks for it. */
type MeasuringFixture<Given> = [
  (given: Given, use: (measured: Measured) => Promise<void>) => Promise<void>,
  { scope: 'worker'; timeout: number },
];

// Playwright reads which fixtures a function needs from the pattern of its first parameter.

/** @param diagnose repeats what an objective was missed by, to find the cause */
function pageFixture(
  measure: (pages: PageContext) => Promise<void>,
  diagnose: (pages: PageContext, objective: Objective) => Promise<Evidence>,
): MeasuringFixture<{ pages: PageContext; record: RecordWriter }> {
  return [
    async ({ pages, record }, use) => {
      await measure(pages);
      await use({ ...measuredFrom(record), diagnose: (objective) => diagnose(pages, objective) });
    },
    { scope: 'worker', timeout: MEASURING_TIMEOUT_MS },
  ];
}

function loadFixture(name: keyof LoadMeasurements): MeasuringFixture<ApiContext> {
  return apiFixture((context) => measureLoad(name, context), NO_TIMEOUT_MS);
}

/** @param timeoutMs 0: as long as it takes */
export function apiFixture(
  measure: (context: ApiContext) => Promise<void>,
  timeoutMs = MEASURING_TIMEOUT_MS,
): MeasuringFixture<ApiContext> {
  return [
    async ({ run, api, aiMock, record }, use) => {
      await measure({ run, api, aiMock, record });
      await use(measuredFrom(record));
    },
    { scope: 'worker', timeout: timeoutMs },
  ];
}

/** What this run has measured so far, read from its record on disk. */
export function measuredFrom(record: RecordWriter): Measured {
  return { readRecord: () => record.read() };
}
