import { setTimeout as sleep } from 'node:timers/promises';
import { ANY_FAULT } from '../../core/budget/operationCatalogue.ts';
import { tokenFrom } from '../../setup/tokens.ts';
import { allOrFirstFailure, measureWorkloads } from '../api/measureWorkloads.ts';
import type { Workload } from '../api/plan.ts';
import { DEGRADED, degradedAnswers, scenario } from '../api/scenarios.ts';
import { costOfIterations, refuseBeyondCeilings } from '../ceilings.ts';
import { type ApiContext, isComplete } from '../recordWorkload.ts';
import { HUNG_PAGE, type HungPageRun, openSignedInPages, runHungPage } from './hungPage.ts';
import type { PageContext } from './pageContext.ts';

/** How long a user waits for a message, longer than SalesTalk promises its callers. */
const PAGE_TIMEOUT_MS = 30_000;
/** Drawing the pages that have just asked held up the harness for 60 to 240 ms on two cores. */
const DRAWING_MS = 500;

/** Names of situations: those that mostly wait and are measured together, and those measured meanwhile, one after the other. */
export type Situations = { waiting: readonly string[]; meanwhile: readonly string[] };

export type MisbehavingOptions = ApiContext &
  PageContext & {
    /** Ids of the objectives that the run judges. */
    selected: string[];
    situations: Situations;
  };

/**
 * Measures all situations of a misbehaving model that selected objectives need, that of the page among them. The browser starts and its
 * pages ask before any other situation is timed, and it closes after the last: its start stalls the harness for seconds.
 * @throws HarnessError as `measureWorkloads` does, once all others have ended; RangeError, before anything is sent, for an unknown
 * situation, or one during which nothing else may be measured
 */
export async function measureMisbehaving(options: MisbehavingOptions): Promise<void> {
  const { waiting, meanwhile } = options.situations;
  const [together, inTurn] = [waiting, meanwhile].map((names) =>
    names.map((name) => workloadsOf(name, options)),
  ) as [Workload[][], Workload[][]];
  await using resources = new AsyncDisposableStack();
  const hungPage = await prepareHungPage(options, resources);
  const asked = Promise.withResolvers<void>();
  const page = hungPage === null ? null : runHungPage({ ...hungPage, onAsked: asked.resolve });
  if (page !== null) {
    // If it fails, `allOrFirstFailure` throws that after the other workloads have ended.
    await Promise.race([asked.promise, page.catch(() => undefined)]);
    await sleep(DRAWING_MS);
  }
  await allOrFirstFailure([
    measureWorkloads(together.flat(), options),
    page ?? Promise.resolve(),
    (async () => {
      for (const workloads of inTurn) await measureWorkloads(workloads, options);
    })(),
  ]);
}

/** None where no selected objective needs the situation. Objectives over any fault need all of them. */
function workloadsOf(name: string, { run, selected, situations }: MisbehavingOptions): Workload[] {
  const judged = run.header.objectives.filter(({ id }) => selected.includes(id));
  const wanted = judged.some(({ fault }) => fault === ANY_FAULT) ? run.header.objectives : judged;
  // The waiting ones and one of the rest send at the same time: together no faster than the target allows.
  const shares = situations.waiting.length + 1;
  const limits = {
    objectives: wanted,
    maxPerSecond: run.target.ceilings.requestsPerSecond / shares,
  };
  if (name === HUNG_PAGE) return [];
  if (name === DEGRADED) return degradedAnswers(limits);
  const one = scenario(name, limits);
  if (one?.outage !== undefined)
    throw new RangeError(
      `${name} takes the model away from everyone, so nothing is measured beside it`,
    );
  return one === null ? [] : [one];
}

/** Null where the page is not measured, or was already. */
async function prepareHungPage(
  options: MisbehavingOptions,
  resources: AsyncDisposableStack,
): Promise<Omit<HungPageRun, 'onAsked'> | null> {
  const { run, tokens, aiMock, record, selected, situations, openBrowser } = options;
  const objective = run.header.objectives.find(
    ({ id, workload }) => workload === HUNG_PAGE && selected.includes(id),
  );
  const [tenant] = run.target.tenants;
  const { uiUrl } = run.target;
  if (!situations.waiting.includes(HUNG_PAGE) || objective === undefined) return null;
  if (aiMock === null || uiUrl === null || tenant === undefined) return null;
  if (isComplete(record, HUNG_PAGE)) return null;
  refuseBeyondCeilings([costOfIterations(HUNG_PAGE, objective.sampleBudget)], run, record);
  const browser = await openBrowser();
  resources.defer(() => browser.close());
  const tokenOf = tokenFrom(tokens);
  const where = { url: uiUrl, tokenOf, tenant };
  const pages = await openSignedInPages(browser, objective.sampleBudget, where);
  const patienceMs = PAGE_TIMEOUT_MS;
  return { run, tenant, aiMock, record, tokenOf, pages, patienceMs };
}
