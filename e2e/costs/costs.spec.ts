import type { Browser } from '@playwright/test';
import { withUnrecordedModel } from '../diagnosis/diagnoseStep.ts';
import { expect, test } from '../fixtures.ts';
import { constantModel } from '../probes/aiMock.ts';
import { watchAnswer } from '../probes/page/watchAnswer.ts';
import { ANSWER_SELECTORS, type ChatPage } from '../salestalk/chatPage.ts';
import type { MeasuringContext } from '../workloads/measuringContext.ts';
import { newChatPage, requireTenant } from '../workloads/page/visitor.ts';
import { type CostRow, costRow, costTable, type PairedTimers, timePairs } from './probeCost.ts';
import { PROBES } from './probes.ts';

/** Enough to tell 2 ms on a quiet machine, within a minute for each probe. */
const PAIRS = 40;

const MODEL = constantModel({ latencyMs: 20, firstChunkMs: 30, betweenChunksMs: 50 });

const rows: CostRow[] = [];

test.describe('What measuring costs', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => !run.target.supports.ui || run.target.aiMockControlUrl === null,
    'needs a page, and hundreds of answers that a real model would charge for',
  );

  // `watchAnswer` times the answers for all others. Its own cost is timed by what the browser records anyway.
  test('The time that watchAnswer adds to an answer is measured', async ({ measuring }) => {
    const row = await measureCost('watchAnswer *', measuring, async (chat, question) => ({
      without: () => timeByResource(chat, question()),
      with: async () => {
        const watch = await watchAnswer(chat.page, ANSWER_SELECTORS);
        const durationMs = await timeByResource(chat, question());
        await watch.ended({ timeoutMs: 1_000 });
        return durationMs;
      },
    }));
    expect(row.pairs).toBe(PAIRS);
  });

  for (const { name, beforeLoad = false, open } of PROBES) {
    test(`The time that ${name} adds to an answer is measured`, async ({ measuring }) => {
      const row = await measureCost(name, measuring, async (chat, question, openPage) => {
        const probed = beforeLoad
          ? await openPage(async ({ page }) => void (await open(page)))
          : chat;
        return {
          without: () => timeByPaint(chat, question()),
          with: async () => {
            const close = beforeLoad ? async () => undefined : await open(probed.page);
            const ms = await timeByPaint(probed, question());
            await close();
            return ms;
          },
        };
      });
      expect(row.pairs).toBe(PAIRS);
    });
  }

  test.afterAll(() => {
    const note = '* by Resource Timing, to the last byte; all others by watchAnswer, to the paint';
    process.stdout.write(
      `\nWhat measuring costs an answer on the page:\n${costTable(rows)}${note}\n`,
    );
  });
});

type OpenPage = (beforehand: (chat: ChatPage) => Promise<void>) => Promise<ChatPage>;

/** Times pairs on a page, in a new browser, and keeps the row for the table. */
async function measureCost(
  name: string,
  context: MeasuringContext,
  createTimers: (
    chat: ChatPage,
    question: () => string,
    openPage: OpenPage,
  ) => Promise<PairedTimers>,
): Promise<CostRow> {
  await using browser = await context.openBrowser();
  const openPage: OpenPage = (beforehand) => openSignedIn(browser, context, beforehand);
  const chat = await openPage(async () => undefined);
  const pairs = await withUnrecordedModel(
    { name: `costs-${name}`, model: [MODEL] },
    context,
    async (questions) => timePairs(PAIRS, await createTimers(chat, questions, openPage)),
  );
  const row = costRow(name, pairs);
  rows.push(row);
  return row;
}

async function openSignedIn(
  browser: Browser,
  context: MeasuringContext,
  beforehand: (chat: ChatPage) => Promise<void>,
): Promise<ChatPage> {
  const chat = await newChatPage(browser, context);
  await beforehand(chat);
  await chat.signIn(requireTenant(context));
  return chat;
}

const TIMEOUT_MS = 30_000;

/** From the click to the frame with the whole answer, by `watchAnswer`, in ms. @throws Error for an answer that does not come */
async function timeByPaint(chat: ChatPage, question: string): Promise<number> {
  const watch = await watchAnswer(chat.page, ANSWER_SELECTORS);
  await chat.ask(question);
  const { submitToCompleteMs, outcome } = await watch.ended({ timeoutMs: TIMEOUT_MS });
  if (submitToCompleteMs === null) throw new Error(`the answer is ${outcome}`);
  return submitToCompleteMs;
}

/** From the request of the page to the last byte of its answer in ms, by Resource Timing, which browsers always record. */
async function timeByResource(chat: ChatPage, question: string): Promise<number> {
  await chat.page.evaluate(() => performance.clearResourceTimings());
  const answer = await chat.ask(question);
  await chat.untilComplete(answer, TIMEOUT_MS);
  const durations = await chat.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname === '/chat')
      .map(({ duration }) => duration),
  );
  const [durationMs] = durations;
  if (durationMs === undefined || durations.length > 1) {
    throw new Error(`one question made ${durations.length} requests`);
  }
  return durationMs;
}
