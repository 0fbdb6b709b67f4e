import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../../core/budget/objective.ts';
import { ANY_FAULT } from '../../core/budget/operationCatalogue.ts';
import { allOrFirstFailure } from '../../engine/offerUntilEnough.ts';
import { measureWorkloads } from '../api/measureWorkloads.ts';
import type { Workload } from '../api/plan.ts';
import { type Situation, type Situations, situationWorkloads } from '../api/situations.ts';
import { iterationsToMeasure } from '../iterations.ts';
import { judgedObjectives, type MeasuringContext } from '../measuringContext.ts';
import { HUNG_PAGE, type HungPageRun, openSignedInPages, runHungPage } from './hungPage.ts';

/** Drawing the pages that have just asked stalled the harness for 60 to 240 ms on two cores. */
const DRAWING_MS = 500;

/** Pages ask before any other situation is timed, since that stalls the harness for seconds. @throws HarnessError as `measureWorkloads` does */
export async function measureMisbehaving(
  situations: Situations,
  context: MeasuringContext,
): Promise<void> {
  const named: NamedSituation[] = Object.entries(situations);
  const waiting = named.filter(([, { waits }]) => waits === true);
  const meanwhile = named.filter(([, { waits }]) => waits !== true);
  // Those that wait and one of the others send at the same time, together no faster than the target allows.
  const maxPerSecond = context.run.target.ceilings.requestsPerSecond / (waiting.length + 1);
  const objectives = wantedObjectives(context);
  const workloadsOf = ([name, situation]: NamedSituation): Workload[] =>
    situationWorkloads(name, situation, { objectives, maxPerSecond });
  const wanted = { ...context, selected: objectives.map(({ id }) => id) };
  await using resources = new AsyncDisposableStack();
  const prepared = await prepareHungPage(situations[HUNG_PAGE], context, resources);
  const asked = Promise.withResolvers<void>();
  const hungPage = prepared && runHungPage({ ...prepared, onAsked: asked.resolve });
  if (hungPage !== null) {
    // `allOrFirstFailure` throws its failure once the other workloads have ended.
    await Promise.race([asked.promise, hungPage.catch(() => undefined)]);
    await sleep(DRAWING_MS);
  }
  await allOrFirstFailure([
    measureWorkloads(waiting.flatMap(workloadsOf), wanted),
    hungPage ?? Promise.resolve(),
    (async () => {
      for (const situation of meanwhile) await measureWorkloads(workloadsOf(situation), wanted);
    })(),
  ]);
}

type NamedSituation = [name: string, situation: Situation];

/** The selected objectives; all objectives if one over any fault is selected, since it needs every situation. */
function wantedObjectives(context: MeasuringContext): Objective[] {
  const judged = judgedObjectives(context);
  return judged.some(({ fault }) => fault === ANY_FAULT) ? context.run.header.objectives : judged;
}

/** Opens the pages that ask a model that hangs. Null if they are not measured, or were already. */
async function prepareHungPage(
  situation: Situation | undefined,
  context: MeasuringContext,
  resources: AsyncDisposableStack,
): Promise<Omit<HungPageRun, 'onAsked'> | null> {
  const { run, aiMock } = context;
  const isWanted = judgedObjectives(context).some(({ workload }) => workload === HUNG_PAGE);
  if (situation?.ask !== 'page' || !isWanted) return null;
  if (aiMock === null || run.target.uiUrl === null) return null;
  const count = iterationsToMeasure(HUNG_PAGE, 0, context);
  if (count === null) return null;
  const browser = resources.use(await context.openBrowser());
  const pages = await openSignedInPages(browser, count, context);
  const { model, patienceMs } = situation;
  return { ...context, aiMock, pages, model, patienceMs };
}
