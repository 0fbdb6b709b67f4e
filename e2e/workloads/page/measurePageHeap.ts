import { STEADY_HEAP_ARGS, sampleHeap } from '../../probes/heap/sampleHeap.ts';
import type { ChatPage } from '../../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { createSampleLine, iterationsToMeasure } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { nowEpochMs, recordWorkload } from '../recordWorkload.ts';
import type { QuestionsOffer } from './measurePageAnswers.ts';
import { newChatPage, requireTenant } from './visitor.ts';

const PAGE_HEAP = 'pageHeap';
const OPERATION = 'page.heap';
const TIMEOUT_MS = 30_000;

/**
 * Asks one question after the other on one page, and reads after each what is left once its garbage is collected. All samples are recorded
 * together: those of two pages are not comparable, so after the death of a worker measuring begins anew.
 * @throws HarnessError CEILING_EXCEEDED, PAGE_LOST, AI_MOCK_FAILED
 */
export async function measurePageHeap(
  { warmUps, model }: QuestionsOffer,
  context: MeasuringContext,
): Promise<void> {
  const maxIterations = iterationsToMeasure(PAGE_HEAP, warmUps, context);
  if (maxIterations === null) return;
  await using browser = await context.openBrowser(STEADY_HEAP_ARGS);
  const chat = await newChatPage(browser, context);
  const named = { name: PAGE_HEAP, operation: OPERATION };
  const planned = { [OPERATION]: maxIterations };
  const spec = { ...named, planned, model: [model], isRecordedAsWhole: true };
  await recordWorkload(spec, context, async ({ scope, calls }) => {
    const tenant = requireTenant(context);
    await chat.signIn(tenant);
    const startedAtMs: number[] = [];
    const samples = await sampleHeap({
      page: chat.page,
      iterate: async (index) => {
        startedAtMs.push(nowEpochMs());
        await askAndWait(chat, withNonce(QUESTIONS[0], { scope, index }));
      },
      warmUpIterations: warmUps,
      iterations: maxIterations,
    });
    const lines = samples.map(({ iteration: index, usedBytes, nodes, listeners, documents }) => {
      return createSampleLine(
        named,
        { scope, index },
        {
          type: 'memory',
          sentAtMs: startedAtMs[index] ?? Number.NaN,
          tenant,
          failure: null,
          iterations: 1,
          // Without Blink's own heap, which is collected at any time. What it holds shows in the nodes.
          values: { usedBytes, nodes, listeners, documents },
          warmUp: index < warmUps,
        },
      );
    });
    context.record.append(...lines);
    await calls?.settle();
  });
}

export async function askAndWait(chat: ChatPage, question: string): Promise<void> {
  await chat.untilComplete(await chat.ask(question), TIMEOUT_MS);
}
