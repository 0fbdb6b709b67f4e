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
import {
  describeBroken,
  listPaths,
  type SeenVisit,
  createVisitSample,
  readVitals,
} from './pageSamples.ts';
import { newChatPage, requireTenant, type Visitor } from './visitor.ts';
import { nowEpochMs } from '../recordWorkload.ts';

const TIMEOUT_MS = 30_000;
/** Time to read an answer, in which layout shifts count; those within 500 ms of a click do not. */
export const READING_MS = 1_500;
/** A quick typist; at a machine's pace keys pile up before a frame, which no person would see. */
export const KEY_HELD_MS = 40;

/** Visits the page again and again: opens it, signs in and asks. */
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

/** Observes one visit. All probes start before the sign-in, so that they take nothing from the time to first insight. */
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
  // Its first input is the click on the sign-in.
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

/** Opens the page twice, and records the vitals of the second time. */
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

/** Opens the page twice, and weighs both visits. */
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
    const again = findUncachedAssets(firstVisit, secondVisit);
    const { encodedBytes, unweighedCount, requestCount } = weighPage(firstVisit);
    return {
      type: 'visit',
      sentAtMs,
      failure: describeBroken([...firstVisit, ...secondVisit]),
      values: {
        requests: requestCount,
        // Where a part was not weighed, the whole was not.
        ...(unweighedCount === 0 ? { weightBytes: encodedBytes } : {}),
      },
      checks: { caching: again.length === 0 },
      objection: again.length === 0 ? null : `fetched again: ${listPaths(again)}`,
    };
  });
}

export async function openUntilIdle(chat: ChatPage): Promise<void> {
  await chat.open();
  await chat.page.waitForLoadState('networkidle');
}

/** Each visit has a new browser context, so that nothing is kept from the one before. The first one warms the browser. */
async function measureVisits(
  visits: Omit<Iterations, 'warmUps'>,
  context: MeasuringContext,
  visit: (chat: ChatPage, place: RequestPlace) => Promise<SampleOf<'visit'>>,
): Promise<void> {
  await measureIterations({ ...visits, warmUps: 1 }, context, async (resources) => {
    const browser = await context.openBrowser();
    resources.defer(() => browser.close());
    return async (place) => {
      const chat = await newChatPage(browser, context);
      try {
        return await visit(chat, place);
      } finally {
        await chat.page.context().close();
      }
    };
  });
}
