import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { heapPerIteration, STEADY_HEAP_ARGS } from '../../probes/heap/heapPerIteration.ts';
import type { ChatPage } from '../../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { asWorkload, isComplete } from '../api/asWorkload.ts';
import { refuseBeyondCeilings } from '../api/refuseBeyondCeilings.ts';
import { costOfUses } from './measureUses.ts';
import { type MeasuringPages, mostOf, newChatPage, tenantOf } from './measuringPages.ts';
import { lineOf, plainUse } from './runUses.ts';

export const PAGE_HEAP = 'pageHeap';
const OPERATION = 'page.heap';
/** The page keeps its latest 20 answers: only once it does, what a question adds is what it leaves behind. */
const WARM_UPS = 30;
const PATIENCE_MS = 30_000;

/** A model that is hardly there, so that dozens of questions take seconds. */
export const QUICK_MODEL: ModelBehaviour[] = [
  {
    latency: { distribution: 'constant', ms: 5 },
    stream: {
      firstChunk: { distribution: 'constant', ms: 5 },
      betweenChunks: { distribution: 'constant', ms: 2 },
    },
  },
];

/**
 * Asks one question after the other in one page, and looks after each at what the page holds on to once its garbage is collected. It is
 * recorded as a whole: samples of two pages are not comparable, so that what a worker died over is begun anew.
 * @throws HarnessError CEILING_EXCEEDED, PAGE_LOST, AI_MOCK_FAILED
 */
export async function measurePageHeap(measuring: MeasuringPages): Promise<void> {
  const { run, record } = measuring;
  const most = mostOf(PAGE_HEAP, measuring);
  if (most === null || isComplete(record, PAGE_HEAP)) return;
  refuseBeyondCeilings([costOfUses(PAGE_HEAP, WARM_UPS + most)], run, record);
  const browser = await measuring.openBrowser(STEADY_HEAP_ARGS);
  try {
    const chat = await newChatPage(browser, measuring);
    const frame = { name: PAGE_HEAP, planned: { [OPERATION]: most }, model: QUICK_MODEL };
    await asWorkload(frame, { ...measuring, runId: run.id }, async ({ scope, calls }) => {
      // A worker died between the last sample and the end of the workload.
      if (record.soFar.requests.some((line) => line.scope === scope)) return;
      const tenant = tenantOf(measuring);
      await chat.signIn(tenant);
      const startedAtMs: number[] = [];
      const samples = await heapPerIteration({
        page: chat.page,
        iterate: async (index) => {
          startedAtMs.push(performance.timeOrigin + performance.now());
          await askAndWait(chat, withNonce(QUESTIONS[0], { scope, index }));
        },
        warmUpIterations: WARM_UPS,
        iterations: most,
      });
      const lines = samples.map(({ iteration: index, usedBytes, nodes, listeners, documents }) => {
        // Blink's own heap is left out: it is collected when it likes. What it holds shows in the nodes.
        const values = { usedBytes, nodes, listeners, documents };
        const use = plainUse({ sentAtMs: startedAtMs[index] ?? Number.NaN, tenant, values });
        const named = { name: PAGE_HEAP, operation: OPERATION };
        return lineOf(named, { scope, index }, { ...use, warmUp: index < WARM_UPS });
      });
      record.append(...lines);
      await calls?.settle();
    });
  } finally {
    await browser.close();
  }
}

/** One turn: a question, and its answer as a whole. */
export async function askAndWait(chat: ChatPage, question: string): Promise<void> {
  await chat.untilComplete(await chat.ask(question), PATIENCE_MS);
}
