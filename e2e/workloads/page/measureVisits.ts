import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { collectVitals, presentEveryFrame } from '../../probes/page/collectVitals.ts';
import { recordRequests } from '../../probes/page/recordRequests.ts';
import { throttlePage } from '../../probes/page/throttlePage.ts';
import { watchAnswer } from '../../probes/page/watchAnswer.ts';
import { watchLongTasks } from '../../probes/page/watchLongTasks.ts';
import { findUncachedAssets, weighPage } from '../../probes/page/weighPage.ts';
import { ANSWER_SELECTORS, type ChatPage } from '../../salestalk/chatPage.ts';
import { REQUEST_ID_HEADER } from '../../salestalk/contract.ts';
import { QUESTIONS, type RequestPlace, withNonce } from '../../salestalk/questions.ts';
import { type Iterations, measureIterations, type SampleOf } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { nowEpochMs } from '../recordWorkload.ts';
import {
  createVisitSample,
  describeBroken,
  listPaths,
  readVitals,
  type SeenVisit,
} from './pageSamples.ts';
import { newChatPage, requireTenant, type Visitor } from './visitor.ts';

const TIMEOUT_MS = 30_000;
/** Time to read an answer, in which layout shifts count; those within 500 ms of a click do not. */
export const READING_MS = 1_500;
/** As a quick typist does. At the pace of a machine, keys would pile up before a frame, which no person would see. */
export const KEY_HELD_MS = 40;

export async function measureFirstVisits(
  { name, throttling }: Visitor,
  model: ModelBehaviour,
  context: MeasuringContext,
): Promise<void> {
  const visits = { name: `${name}Visits`, operation: name, model: [model] };
  await measureVisits(visits, context, async (chat, place) => {
    const tenant = requireTenant(context);
    if (throttling !== null) await throttlePage(chat.page, throttling);
    const seen = await observeFirstVisit(chat, tenant, withNonce(QUESTIONS[0], place));
    return { ...createVisitSample(seen), tenant };
  });
}

/** Observes one visit. All probes start before the sign-in, so that they add nothing to the time to first insight. */
async function observeFirstVisit(
  chat: ChatPage,
  tenant: string,
  question: string,
): Promise<SeenVisit> {
  const { page } = chat;
  const collection = await collectVitals(page);
  const recording = await recordRequests(page, { requestIdHeader: REQUEST_ID_HEADER });
  const sentAtMs = nowEpochMs();
  // People look before they act, and LCP ends at the first input.
  await openUntilIdle(chat);
  await presentEveryFrame(page);
  const tasks = await watchLongTasks(page, { countFrames: true });
  await chat.typeToken(tenant);
  // The first input that it sees is the click on the sign-in.
  const watch = await watchAnswer(page, ANSWER_SELECTORS);
  await chat.submitToken();
  await chat.askByKeys(question, KEY_HELD_MS);
  const timing = await watch.ended({ timeoutMs: TIMEOUT_MS });
  const { submittedAtMs } = timing;
  const holds = await tasks.stop(submittedAtMs === null ? {} : { sinceMs: submittedAtMs });
  await sleep(READING_MS);
  const vitals = await collection.read();
  return { sentAtMs, vitals, timing, holds, requests: await recording.stop() };
}

export async function measureRepeatVisits(
  visitor: Visitor,
  context: MeasuringContext,
): Promise<void> {
  const { name, throttling } = visitor;
  const visits = { name: `${name}RepeatVisits`, operation: `${name}Repeat`, model: [] };
  await measureVisits(visits, context, async (chat) => {
    const { page } = chat;
    if (throttling !== null) await throttlePage(page, throttling);
    await openUntilIdle(chat);
    const collection = await collectVitals(page);
    const recording = await recordRequests(page);
    const sentAtMs = nowEpochMs();
    await openUntilIdle(chat);
    const values = readVitals(await collection.read());
    const failure = describeBroken(await recording.stop());
    return { type: 'visit', sentAtMs, failure, values, checks: {}, objection: null };
  });
}

/** Opens the page twice, and records the weight of the first visit and what the second one fetches again. */
export async function measurePageVisits(context: MeasuringContext): Promise<void> {
  const visits = { name: 'pageVisits', operation: 'page', model: [] };
  await measureVisits(visits, context, async (chat) => {
    const first = await recordRequests(chat.page);
    const sentAtMs = nowEpochMs();
    await openUntilIdle(chat);
    const firstVisit = await first.stop();
    const second = await recordRequests(chat.page);
    await openUntilIdle(chat);
    const secondVisit = await second.stop();
    const fetchedAgain = findUncachedAssets(firstVisit, secondVisit).map(({ url }) => url);
    const isCached = fetchedAgain.length === 0;
    const { encodedBytes, unweighedCount, requestCount } = weighPage(firstVisit);
    return {
      type: 'visit',
      sentAtMs,
      failure: describeBroken([...firstVisit, ...secondVisit]),
      values: {
        requests: requestCount,
        // Unknown if any part was not weighed.
        ...(unweighedCount === 0 ? { weightBytes: encodedBytes } : {}),
      },
      checks: { caching: isCached },
      objection: isCached ? null : `fetched again: ${listPaths(fetchedAgain)}`,
    };
  });
}

export async function openUntilIdle(chat: ChatPage): Promise<void> {
  await chat.open();
  await chat.page.waitForLoadState('networkidle');
}

/** Each visit has a new browser context, so that nothing is kept from the one before. The first visit warms up the browser. */
async function measureVisits(
  visits: Omit<Iterations, 'warmUps'>,
  context: MeasuringContext,
  visit: (chat: ChatPage, place: RequestPlace) => Promise<SampleOf<'visit'>>,
): Promise<void> {
  await measureIterations({ ...visits, warmUps: 1 }, context, async (resources) => {
    const browser = resources.use(await context.openBrowser());
    return async (place) => {
      const chat = await newChatPage(browser, context);
      await using _context = chat.page.context();
      return await visit(chat, place);
    };
  });
}
