import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../core/budget/objective.ts';
import type { Evidence } from '../matchers/judgeMeasured.ts';
import { throttlePage } from '../probes/page/throttlePage.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';
import { PAGE_MODEL } from '../workloads/page/measurePageAnswers.ts';
import { askAndWait, QUICK_MODEL } from '../workloads/page/measurePageHeap.ts';
import { openUntilIdle, READING_MS } from '../workloads/page/measureVisits.ts';
import { type PageContext, tenantOf, type Visitor } from '../workloads/page/pageContext.ts';
import { diagnoseGrowth } from './diagnoseGrowth.ts';
import { diagnoseStep, type PageStep } from './diagnoseStep.ts';

/** Repeats what was measured to find the cause of a miss. */
export type Diagnose = (
  pages: PageContext,
  objective: Pick<Objective, 'metric'>,
) => Promise<Evidence>;

/** Another question on a page that has answered one. */
export const diagnoseAnswer: Diagnose = (pages, objective) =>
  diagnoseStep(questionStep('pageAnswers', PAGE_MODEL, pages), pages, objective);

/** More questions on a page that has answered many. */
export const diagnoseHeap: Diagnose = (pages) =>
  diagnoseGrowth(questionStep('pageHeap', QUICK_MODEL, pages), pages);

/** Another visit without a cache. */
export const diagnoseVisit: Diagnose = (pages, objective) => {
  const step = { name: 'visit', model: [], prepare: openWithoutCache, take: openUntilIdle };
  return diagnoseStep(step, pages, objective);
};

/** Another first visit on the device of the visitor, with a sign-in and a question. */
export function diagnoseFirstVisit({ name, throttling }: Visitor): Diagnose {
  return (pages, objective) => {
    const step: PageStep = {
      name: `${name}Visit`,
      model: PAGE_MODEL,
      signsIn: true,
      prepare: async (chat) => {
        await openWithoutCache(chat);
        if (throttling !== null) await throttlePage(chat.page, throttling);
      },
      take: async (chat, question) => {
        await chat.signIn(tenantOf(pages));
        await askAndWait(chat, question);
        // As in the measurement.
        await sleep(READING_MS);
      },
    };
    return diagnoseStep(step, pages, objective);
  };
}

/** Opens the page, since a profile does not outlive the process of a blank page, and disables the cache from then on. */
async function openWithoutCache(chat: ChatPage): Promise<void> {
  await openUntilIdle(chat);
  const session = await chat.page.context().newCDPSession(chat.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
}

function questionStep(name: string, model: PageStep['model'], pages: PageContext): PageStep {
  return {
    name,
    model,
    prepare: async (chat, question) => {
      await chat.signIn(tenantOf(pages));
      await askAndWait(chat, question);
    },
    take: askAndWait,
  };
}
