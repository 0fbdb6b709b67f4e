import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../core/budget/objective.ts';
import type { Evidence } from '../matchers/judgeMeasured.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';

import { throttle } from '../probes/page/throttle.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';
import { PAGE_MODEL } from '../workloads/page/measurePageAnswers.ts';
import { askAndWait, QUICK_MODEL } from '../workloads/page/measurePageResources.ts';
import { READING_MS } from '../workloads/page/measureVisits.ts';
import { type PageContext, tenantOf, type Visitor } from '../workloads/page/pageContext.ts';
import { diagnoseGrowth } from './diagnoseGrowth.ts';
import { diagnoseStep } from './diagnoseStep.ts';

/** What is done once more to find the cause of a miss. */
export type Diagnose = (
  pages: PageContext,
  objective: Pick<Objective, 'metric'>,
) => Promise<Evidence>;

/** One question more, on a page that has answered one. */
export const diagnoseAnswer: Diagnose = (pages, objective) =>
  diagnoseStep(questionStep('pageAnswers', PAGE_MODEL, pages), pages, objective);

/** Questions more, on a page that has answered many. */
export const diagnoseHeap: Diagnose = (pages) =>
  diagnoseGrowth(questionStep('pageHeap', QUICK_MODEL, pages), pages);

/** One visit more that fetches everything anew. */
export const diagnoseVisit: Diagnose = (pages, objective) => {
  const step = { name: 'visit', model: [], prepare: forgetAll, take: visitWhole };
  return diagnoseStep(step, pages, objective);
};

/** A visit with a sign-in and a question, with what the visitor has. */
export function diagnoseFirstVisit({ name, throttling }: Visitor): Diagnose {
  return (pages, objective) => {
    const step: PageStep = {
      name: `${name}Visit`,
      model: PAGE_MODEL,
      signsIn: true,
      prepare: async (chat) => {
        await forgetAll(chat);
        if (throttling !== null) await throttle(chat.page, throttling);
      },
      take: async (chat, question) => {
        await chat.signIn(tenantOf(pages));
        await askAndWait(chat, question);
        // As whoever was measured.
        await sleep(READING_MS);
      },
    };
    return diagnoseStep(step, pages, objective);
  };
}

/** The page is opened, since a profile does not outlive the process of a blank one, and fetches everything anew from then on. */
async function forgetAll(chat: ChatPage): Promise<void> {
  await visitWhole(chat);
  const session = await chat.page.context().newCDPSession(chat.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
}

async function visitWhole(chat: ChatPage): Promise<void> {
  await chat.open();
  await chat.page.waitForLoadState('networkidle');
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

/** What is done once more on a page to find the cause of a miss. */
export type PageStep = {
  /** Names the workload whose step it is. */
  name: string;
  model: ModelBehaviour[];
  /** True: a token is typed on the way, which a picture of the page may show. */
  signsIn?: true;
  /** Takes the page to where the step begins. `question` is one of the step's own, which the model answers as in the workload. */
  prepare: (chat: ChatPage, question: string) => Promise<void>;
  take: (chat: ChatPage, question: string) => Promise<void>;
};
