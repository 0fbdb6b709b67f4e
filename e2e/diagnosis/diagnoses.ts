import { setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../core/budget/objective.ts';
import type { Evidence } from '../matchers/judgeMeasured.ts';
import type { ModelBehaviour } from '../probes/aiMock.ts';
import { throttlePage } from '../probes/page/throttlePage.ts';
import type { ChatPage } from '../salestalk/chatPage.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { askAndWait } from '../workloads/page/measurePageHeap.ts';
import { openUntilIdle, READING_MS } from '../workloads/page/measureVisits.ts';
import { requireTenant, type Visitor } from '../workloads/page/visitor.ts';
import { diagnoseGrowth, diagnoseStep, type PageStep } from './diagnoseStep.ts';

/** Repeats what was measured to find the cause of a miss. */
export type Diagnose = (
  context: MeasuringContext,
  objective: Pick<Objective, 'metric'>,
) => Promise<Evidence>;

/** Another question on a page that has answered one. */
export function diagnoseAnswer(model: ModelBehaviour): Diagnose {
  return (context, objective) =>
    diagnoseStep(questionStep('pageAnswers', model, context), context, objective);
}

/** More questions on a page that has answered many. */
export function diagnoseHeap(model: ModelBehaviour): Diagnose {
  return (context) => diagnoseGrowth(questionStep('pageHeap', model, context), context);
}

/** Another visit without a cache. */
export const diagnoseVisit: Diagnose = (context, objective) => {
  const step = { name: 'visit', model: [], prepare: openWithoutCache, take: openUntilIdle };
  return diagnoseStep(step, context, objective);
};

/** Another first visit on the device of the visitor, with a sign-in and a question. */
export function diagnoseFirstVisit({ name, throttling }: Visitor, model: ModelBehaviour): Diagnose {
  return (context, objective) => {
    const step: PageStep = {
      name: `${name}Visit`,
      model: [model],
      signsIn: true,
      prepare: async (chat) => {
        await openWithoutCache(chat);
        if (throttling !== null) await throttlePage(chat.page, throttling);
      },
      take: async (chat, question) => {
        await chat.signIn(requireTenant(context));
        await askAndWait(chat, question);
        // As in the measurement.
        await sleep(READING_MS);
      },
    };
    return diagnoseStep(step, context, objective);
  };
}

/** Opens the page before the profile, which does not outlive the process of a blank page. Then disables the cache. */
async function openWithoutCache(chat: ChatPage): Promise<void> {
  await openUntilIdle(chat);
  const session = await chat.page.context().newCDPSession(chat.page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
}

function questionStep(name: string, model: ModelBehaviour, context: MeasuringContext): PageStep {
  return {
    name,
    model: [model],
    prepare: async (chat, question) => {
      await chat.signIn(requireTenant(context));
      await askAndWait(chat, question);
    },
    take: askAndWait,
  };
}
