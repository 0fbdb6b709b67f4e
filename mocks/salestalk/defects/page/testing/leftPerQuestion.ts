import type { Browser } from '@playwright/test';
import { testPage } from './testPage.ts';

const questions = 5;

export type LeftPerQuestion = {
  heapBytes: number;
  nodes: number;
  listeners: number;
  documents: number;
  /** Timers of a minute that were set. */
  timers: number;
};

/** What each question leaves behind in the page once its answer is taken off it, the page being warm. */
export async function leftPerQuestion(
  browser: Browser,
  defects: readonly string[],
): Promise<LeftPerQuestion> {
  await using tested = await testPage(browser, defects, countTimers);
  const { page, signIn, signOut, held } = tested;
  const turn = async () => {
    await page.evaluate(askInTurn, questions);
    // Takes the answers off the page, so that what is left of them is what somebody else holds.
    await signOut();
    return { ...(await held()), timers: await page.evaluate<number>('timerCount') };
  };
  await turn();
  await signIn();
  const before = await turn();
  await signIn();
  const end = await turn();
  const left = (key: keyof LeftPerQuestion): number => (end[key] - before[key]) / questions;
  return {
    heapBytes: left('heapBytes'),
    nodes: left('nodes'),
    listeners: left('listeners'),
    documents: left('documents'),
    timers: left('timers'),
  };
}

/** Runs in the page: Playwright's own looking and waiting would leave more in its heap than some defects do. */
async function askInTurn(count: number): Promise<void> {
  const field = document.querySelector('textarea');
  const button = document.querySelector<HTMLElement>('[data-action="ask"]');
  if (field === null || button === null) throw new Error('Nothing can be asked here');
  for (let index = 0; index < count; index += 1) {
    field.value = `What is Q3 revenue of region ${index}?`;
    button.click();
    while (button.hidden) await new Promise((resolve) => setTimeout(resolve, 5));
    const { state } = document.querySelector<HTMLElement>('article:last-of-type')?.dataset ?? {};
    if (state !== 'complete') throw new Error(`The answer is ${state}`);
  }
}

/** Runs in the page. */
function countTimers(): void {
  const counted: { timerCount: number } & Record<string, unknown> = Object.assign(globalThis, {
    timerCount: 0,
  });
  const { setInterval } = globalThis;
  counted.setInterval = (run: () => void, periodMs: number) => {
    if (periodMs === 60_000) counted.timerCount += 1;
    return setInterval(run, periodMs);
  };
}
