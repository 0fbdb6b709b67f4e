import { STEADY_HEAP_ARGS, sampleHeap } from '../../probes/heap/sampleHeap.ts';
import type { ChatPage } from '../../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { iterationsToMeasure, createSampleLine } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { recordWorkload, nowEpochMs } from '../recordWorkload.ts';
import type { QuestionsOffer } from './measurePageAnswers.ts';
import { newChatPage, requireTenant } from './visitor.ts';

const PAGE_HEAP = 'pageHeap';
const OPERATION = 'page.heap';
const TIMEOUT_MS = 30_000;

/**
 * Asks one question after the other in one page, and reads after each what is left once the page's garbage is collected.
 * It is recorded as a whole: samples of two pages are not comparable, so that after the death of a worker it begins anew.
 * @throws HarnessError CEILING_EXCEEDED, PAGE_LOST, AI_MOCK_FAILED
 */
export async function measurePageHeap(
  { warmUps, model }: QuestionsOffer,
  context: MeasuringContext,
): Promise<void> {
  const maxIterations = iterationsToMeasure(PAGE_HEAP, warmUps, context);
  if (maxIterations === null) return;
  await using resources = new AsyncDisposableStack();
  const browser = await context.openBrowser(STEADY_HEAP_ARGS);
  resources.defer(() => browser.close());
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
      // Blink's own heap is left out: it is collected when it likes. What it holds shows in the nodes.
      const values = { usedBytes, nodes, listeners, documents };
      const sentAtMs = startedAtMs[index] ?? Number.NaN;
      const sample = { sentAtMs, tenant, failure: null, iterations: 1, values };
      const warmUp = index < warmUps;
      return createSampleLine(named, { scope, index }, { type: 'memory', ...sample, warmUp });
    });
    context.record.append(...lines);
    await calls?.settle();
  });
}

/** Asks a question and waits for the whole answer. */
export async function askAndWait(chat: ChatPage, question: string): Promise<void> {
  await chat.untilComplete(await chat.ask(question), TIMEOUT_MS);
}
