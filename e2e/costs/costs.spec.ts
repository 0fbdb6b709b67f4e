import type { Browser } from '@playwright/test';
import { expect, test } from '../fixtures.ts';
import { answerTiming } from '../probes/page/answerTiming.ts';
import { ANSWER_SELECTORS, type ChatPage } from '../salestalk/chatPage.ts';
import { PAGE_MODEL } from '../workloads/page/measurePageAnswers.ts';
import {
  newChatPage,
  type PageContext,
  tenantOf,
  withUnrecordedModel,
} from '../workloads/page/pageContext.ts';
import { type CostRow, costRow, costTable } from './costRow.ts';
import { PROBES_TO_TRY } from './probesToTry.ts';
import { timeByPaint, timeByResource } from './timeAnswer.ts';
import { type Turns, timePairs } from './timePairs.ts';

/** Enough to tell 2 ms on a quiet machine; a minute a probe at most. */
const PAIRS = 40;

const rows: CostRow[] = [];

test.describe('What measuring costs', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => !run.target.supports.ui || run.target.aiMockControlUrl === null,
    'it takes a page, and hundreds of answers, which a real model would be paid for',
  );

  // `answerTiming` tells the time of all others, so its own cost is told by what the browser notes anyway.
  test('answerTiming', async ({ pages }) => {
    const row = await costOf('answerTiming *', pages, async (chat, question) => ({
      without: () => timeByResource(chat, question()),
      with: async () => {
        const watch = await answerTiming(chat.page, ANSWER_SELECTORS);
        const durationMs = await timeByResource(chat, question());
        await watch.ended({ timeoutMs: 1_000 });
        return durationMs;
      },
    }));
    expect(row.pairs).toBe(PAIRS);
  });

  for (const { name, fromTheStart = false, open } of PROBES_TO_TRY) {
    test(name, async ({ pages }) => {
      const row = await costOf(name, pages, async (chat, question, openPage) => {
        const probed = fromTheStart
          ? await openPage(async ({ page }) => void (await open(page)))
          : chat;
        return {
          without: () => timeByPaint(chat, question()),
          with: async () => {
            const close = fromTheStart ? async () => undefined : await open(probed.page);
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
    const note = '* by Resource Timing, to the last byte; all others by answerTiming, to the paint';
    process.stdout.write(
      `\nWhat measuring costs an answer on the page:\n${costTable(rows)}${note}\n`,
    );
  });
});

type OpenPage = (beforehand: (chat: ChatPage) => Promise<void>) => Promise<ChatPage>;

/** Times pairs on a page of a browser of its own, and keeps the row for the table. */
async function costOf(
  name: string,
  pages: PageContext,
  turnsOf: (chat: ChatPage, question: () => string, openPage: OpenPage) => Promise<Turns>,
): Promise<CostRow> {
  const browser = await pages.openBrowser();
  try {
    const openPage: OpenPage = (beforehand) => signedIn(browser, pages, beforehand);
    const chat = await openPage(async () => undefined);
    const pairs = await withUnrecordedModel(`costs-${name}`, PAGE_MODEL, pages, async (questions) =>
      timePairs(PAIRS, await turnsOf(chat, questions, openPage)),
    );
    const row = costRow(name, pairs);
    rows.push(row);
    return row;
  } finally {
    await browser.close();
  }
}

async function signedIn(
  browser: Browser,
  pages: PageContext,
  beforehand: (chat: ChatPage) => Promise<void>,
): Promise<ChatPage> {
  const chat = await newChatPage(browser, pages);
  await beforehand(chat);
  await chat.signIn(tenantOf(pages));
  return chat;
}
