import type { Browser } from '@playwright/test';
import type { ModelBehaviour } from '../../probes/aiMock.ts';
import { heapPerIteration, STEADY_HEAP_ARGS } from '../../probes/heap/heapPerIteration.ts';
import { pageWeight, uncachedAssets } from '../../probes/page/pageWeight.ts';
import { requestPhases } from '../../probes/page/requestPhases.ts';
import type { ChatPage } from '../../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../../salestalk/questions.ts';
import { iterationsToMeasure, measureIterations, type Sample, sampleLine } from '../iterations.ts';
import { recordWorkload } from '../recordWorkload.ts';
import { newChatPage, type PageContext, tenantOf } from './pageContext.ts';
import { describeBroken, namesOf } from './pageSamples.ts';

const PAGE_HEAP = 'pageHeap';
const OPERATION = 'page.heap';
/** The page keeps its latest 20 answers: only after these, growth per question is what stays behind. */
const WARM_UPS = 30;
const TIMEOUT_MS = 30_000;

/** So fast that dozens of questions take seconds. */
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
 * Asks one question after the other in one page, and reads after each what is left once the page's garbage is collected.
 * It is recorded as a whole: samples of two pages are not comparable, so that after the death of a worker it begins anew.
 * @throws HarnessError CEILING_EXCEEDED, PAGE_LOST, AI_MOCK_FAILED
 */
export async function measurePageHeap(context: PageContext): Promise<void> {
  const maxIterations = iterationsToMeasure(PAGE_HEAP, WARM_UPS, context);
  if (maxIterations === null) return;
  await using resources = new AsyncDisposableStack();
  const browser = await context.openBrowser(STEADY_HEAP_ARGS);
  resources.defer(() => browser.close());
  const chat = await newChatPage(browser, context);
  const named = { name: PAGE_HEAP, operation: OPERATION };
  const planned = { [OPERATION]: maxIterations };
  const spec = { ...named, planned, model: QUICK_MODEL, isRecordedAsWhole: true };
  await recordWorkload(spec, context, async ({ scope, calls }) => {
    const tenant = tenantOf(context);
    await chat.signIn(tenant);
    const startedAtMs: number[] = [];
    const samples = await heapPerIteration({
      page: chat.page,
      iterate: async (index) => {
        startedAtMs.push(performance.timeOrigin + performance.now());
        await askAndWait(chat, withNonce(QUESTIONS[0], { scope, index }));
      },
      warmUpIterations: WARM_UPS,
      iterations: maxIterations,
    });
    const lines = samples.map(({ iteration: index, usedBytes, nodes, listeners, documents }) => {
      // Blink's own heap is left out: it is collected when it likes. What it holds shows in the nodes.
      const values = { usedBytes, nodes, listeners, documents };
      const sentAtMs = startedAtMs[index] ?? Number.NaN;
      const sample = { sentAtMs, tenant, failure: null, iterations: 1, values };
      const warmUp = index < WARM_UPS;
      return sampleLine(named, { scope, index }, { type: 'memory', ...sample, warmUp });
    });
    context.record.append(...lines);
    await calls?.settle();
  });
}

/** Asks a question and waits for the whole answer. */
export async function askAndWait(chat: ChatPage, question: string): Promise<void> {
  await chat.untilComplete(await chat.ask(question), TIMEOUT_MS);
}

const PAGE_VISITS = 'pageVisits';
const VISIT_WARM_UPS = 1;

/** Opens the page twice in a new browser context, and weighs both visits. */
export async function measurePageVisits(context: PageContext): Promise<void> {
  const iterations = { name: PAGE_VISITS, operation: 'page', warmUps: VISIT_WARM_UPS, model: [] };
  await measureIterations(iterations, context, async (resources) => {
    const browser = await context.openBrowser();
    resources.defer(() => browser.close());
    return () => visitTwice(browser, context);
  });
}

async function visitTwice(browser: Browser, context: PageContext): Promise<Sample> {
  // A page of its own context: nothing is kept from the visit before.
  const chat = await newChatPage(browser, context);
  try {
    const first = await requestPhases(chat.page);
    const sentAtMs = performance.timeOrigin + performance.now();
    await chat.open();
    await chat.page.waitForLoadState('networkidle');
    const firstVisit = await first.stop();
    const second = await requestPhases(chat.page);
    await chat.open();
    await chat.page.waitForLoadState('networkidle');
    const secondVisit = await second.stop();
    const again = uncachedAssets(firstVisit, secondVisit);
    const { encodedBytes, unweighedCount, requestCount } = pageWeight(firstVisit);
    const values = {
      requests: requestCount,
      // Where a part was not weighed, the whole was not.
      ...(unweighedCount === 0 ? { weightBytes: encodedBytes } : {}),
    };
    return {
      type: 'visit',
      sentAtMs,
      failure: describeBroken([...firstVisit, ...secondVisit]),
      values,
      checks: { caching: again.length === 0 },
      objection: again.length === 0 ? null : `fetched again: ${namesOf(again)}`,
    };
  } finally {
    await chat.page.context().close();
  }
}
