import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import { answerTiming } from '../../probes/page/answerTiming.ts';
import { longTasks } from '../../probes/page/longTasks.ts';
import { requestPhases } from '../../probes/page/requestPhases.ts';
import { throttle } from '../../probes/page/throttle.ts';
import { presentEveryFrame, webVitals } from '../../probes/page/webVitals.ts';
import { ANSWER_SELECTORS, type ChatPage, REQUEST_ID_HEADER } from '../../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { measureIterations, type Sample } from '../iterations.ts';
import { PAGE_MODEL } from './measurePageAnswers.ts';
import { newChatPage, type PageContext, tenantOf, type Visitor } from './pageContext.ts';
import { describeBroken, type SeenVisit, visitSample, vitalsOfVisit } from './pageSamples.ts';

/** The first visit of a browser also warms the browser. */
const WARM_UPS = 1;
const TIMEOUT_MS = 30_000;
/** Time to read an answer, in which layout shifts count; those within 500 ms of a click do not. */
export const READING_MS = 1_500;
/** A quick typist; at a machine's pace keys pile up before a frame, which no person would see. */
export const KEY_HELD_MS = 40;

/** Visits the page again and again, each time in a new browser context: opens it, signs in and asks. */
export async function measureFirstVisits(visitor: Visitor, context: PageContext): Promise<void> {
  const { name } = visitor;
  const visits = { name: `${name}Visits`, operation: name, warmUps: WARM_UPS, model: PAGE_MODEL };
  await measureIterations(visits, context, async (resources) => {
    const browser = await context.openBrowser();
    resources.defer(() => browser.close());
    return (place) => visitOnce(browser, context, visitor, withNonce(QUESTIONS[0], place));
  });
}

async function visitOnce(
  browser: Browser,
  context: PageContext,
  { throttling }: Visitor,
  question: string,
): Promise<Sample> {
  // A page of its own context: nothing is kept from the visit before.
  const chat = await newChatPage(browser, context);
  const tenant = tenantOf(context);
  try {
    if (throttling !== null) await throttle(chat.page, throttling);
    return { ...visitSample(await observeFirstVisit(chat, tenant, question)), tenant };
  } finally {
    await chat.page.context().close();
  }
}

/** Observes one visit. All probes start before the sign-in, so that they take nothing from the time to first insight. */
async function observeFirstVisit(
  chat: ChatPage,
  tenant: string,
  question: string,
): Promise<SeenVisit> {
  const { page } = chat;
  const collection = await webVitals(page);
  const recording = await requestPhases(page, { requestIdHeader: REQUEST_ID_HEADER });
  const sentAtMs = performance.timeOrigin + performance.now();
  await chat.open();
  // People look before they act, and with the first input the largest paint is settled.
  await page.waitForLoadState('networkidle');
  await presentEveryFrame(page);
  const tasks = await longTasks(page, { countFrames: true });
  await chat.giveToken(tenant);
  // Its first input is the click on the sign-in.
  const watch = await answerTiming(page, ANSWER_SELECTORS);
  await chat.goIn();
  await chat.askByKeys(question, KEY_HELD_MS);
  const timing = await watch.ended({ timeoutMs: TIMEOUT_MS });
  const { submittedAtMs } = timing;
  const holds = await tasks.stop(submittedAtMs === null ? {} : { sinceMs: submittedAtMs });
  await sleep(READING_MS);
  const vitals = await collection.read();
  return { sentAtMs, vitals, timing, holds, requests: await recording.stop() };
}

/** Opens the page twice in a new browser context, and records the vitals of the second time. */
export async function measureRepeatVisits(visitor: Visitor, context: PageContext): Promise<void> {
  const { name } = visitor;
  const named = { name: `${name}RepeatVisits`, operation: `${name}Repeat` };
  await measureIterations(
    { ...named, warmUps: WARM_UPS, model: [] },
    context,
    async (resources) => {
      const browser = await context.openBrowser();
      resources.defer(() => browser.close());
      return () => visitAgain(browser, context, visitor);
    },
  );
}

async function visitAgain(
  browser: Browser,
  context: PageContext,
  { throttling }: Visitor,
): Promise<Sample> {
  const chat = await newChatPage(browser, context);
  const { page } = chat;
  try {
    if (throttling !== null) await throttle(page, throttling);
    await chat.open();
    await page.waitForLoadState('networkidle');
    const collection = await webVitals(page);
    const recording = await requestPhases(page);
    const sentAtMs = performance.timeOrigin + performance.now();
    await chat.open();
    await page.waitForLoadState('networkidle');
    const values = vitalsOfVisit(await collection.read());
    const failure = describeBroken(await recording.stop());
    return { type: 'visit', sentAtMs, failure, values, checks: {}, objection: null };
  } finally {
    await page.context().close();
  }
}
