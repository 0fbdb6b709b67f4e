import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../../core/budget/objective.ts';
import { ANY_FAULT } from '../../core/budget/operationCatalogue.ts';
import { allOrFirstFailure } from '../../engine/workloadModels.ts';
import { measureWorkloads } from '../api/measureWorkloads.ts';
import type { Workload } from '../api/plan.ts';
import { type Situation, type Situations, situationWorkloads } from '../api/situations.ts';
import { iterationsToMeasure } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { HUNG_PAGE, type HungPageRun, openSignedInPages, runHungPage } from './hungPage.ts';

/** Drawing the pages that have just asked held up the harness for 60 to 240 ms on two cores. */
const DRAWING_MS = 500;

/**
 * Measures those situations of a misbehaving model that selected objectives need, that of the page among them. The browser starts and its
 * pages ask before any other situation is timed, and it closes after the last: its start stalls the harness for seconds.
 * @throws HarnessError as `measureWorkloads` does, once all others have ended
 */
export async function measureMisbehaving(
  situations: Situations,
  context: MeasuringContext,
): Promise<void> {
  const named: NamedSituation[] = Object.entries(situations);
  const waiting = named.filter(([, { waits }]) => waits === true);
  const meanwhile = named.filter(([, { waits }]) => waits !== true);
  // Those that wait and one of the others send at the same time: together no faster than the target allows.
  const maxPerSecond = context.run.target.ceilings.requestsPerSecond / (waiting.length + 1);
  const objectives = wantedObjectives(context);
  const workloadsOf = ([name, situation]: NamedSituation): Workload[] =>
    situationWorkloads(name, situation, { objectives, maxPerSecond });
  const wanted = { ...context, selected: objectives.map(({ id }) => id) };
  await using resources = new AsyncDisposableStack();
  const hungPage = await prepareHungPage(situations[HUNG_PAGE], context, resources);
  const asked = Promise.withResolvers<void>();
  const page = hungPage === null ? null : runHungPage({ ...hungPage, onAsked: asked.resolve });
  if (page !== null) {
    // If it fails, `allOrFirstFailure` throws that after the other workloads have ended.
    await Promise.race([asked.promise, page.catch(() => undefined)]);
    await sleep(DRAWING_MS);
  }
  await allOrFirstFailure([
    measureWorkloads(waiting.flatMap(workloadsOf), wanted),
    page ?? Promise.resolve(),
    (async () => {
      for (const situation of meanwhile) await measureWorkloads(workloadsOf(situation), wanted);
    })(),
  ]);
}

type NamedSituation = [name: string, situation: Situation];

/** The selected objectives; all of them where one over any fault is selected, since it needs every situation. */
function wantedObjectives({ run, selected }: MeasuringContext): Objective[] {
  const { objectives } = run.header;
  const judged = objectives.filter(({ id }) => selected.includes(id));
  return judged.some(({ fault }) => fault === ANY_FAULT) ? objectives : judged;
}

/** Null where the page is not measured, or was already. */
async function prepareHungPage(
  situation: Situation | undefined,
  context: MeasuringContext,
  resources: AsyncDisposableStack,
): Promise<Omit<HungPageRun, 'onAsked'> | null> {
  const { run, aiMock, selected } = context;
  const isWanted = run.header.objectives.some(
    ({ id, workload }) => workload === HUNG_PAGE && selected.includes(id),
  );
  if (situation?.ask !== 'page' || !isWanted) return null;
  if (aiMock === null || run.target.uiUrl === null) return null;
  const count = iterationsToMeasure(HUNG_PAGE, 0, context);
  if (count === null) return null;
  const browser = await context.openBrowser();
  resources.defer(() => browser.close());
  const pages = await openSignedInPages(browser, count, context);
  const { model, patienceMs } = situation;
  return { ...context, aiMock, pages, model, patienceMs };
}
