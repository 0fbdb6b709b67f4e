import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator } from '@playwright/test';
import type { SampleLine } from '../../core/record/measurementLine.ts';
import type { AiMockControl, ModelBehaviour } from '../../probes/aiMock.ts';
import type { ChatPage } from '../../salestalk/chatPage.ts';
import { redactToken } from '../../salestalk/excerpt.ts';
import { QUESTIONS, type RequestPlace, withNonce } from '../../salestalk/questions.ts';
import { createSampleLine } from '../iterations.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import { nowEpochMs, recordWorkload } from '../recordWorkload.ts';
import { newChatPage, requireTenant } from './visitor.ts';

/** Name of the workload and of the fault. */
export const HUNG_PAGE = 'hungPage';

const CHECK_EVERY_MS = 500;

export type HungPageRun = MeasuringContext & {
  aiMock: AiMockControl;
  pages: readonly SignedInPage[];
  model: ModelBehaviour[];
  patienceMs: number;
  /** Called once all pages have asked: until then the browser takes the CPU in bursts. */
  onAsked: () => void;
};

/** A page to ask from, or why it could not be opened. */
export type SignedInPage = { openedAtMs: number } & (
  | { chat: ChatPage; trouble: null }
  | { chat: null; trouble: string }
);

/** What was observed on a page whose answer does not come. */
type Observation = {
  /** When the question was asked or, without one, when the page was opened. */
  sentAtMs: number;
  /** From then to the end of the observation. */
  endedMs: number;
  /** Did the page say that there will be no answer? */
  failureShown: boolean;
  /** Why the page could not be asked, or null. */
  trouble: string | null;
};

/** Opens pages one after the other, since all at once took longer. It takes the CPU in bursts, so it must end before anything is timed. */
export async function openSignedInPages(
  browser: Browser,
  count: number,
  context: MeasuringContext,
): Promise<SignedInPage[]> {
  const open = async (): Promise<SignedInPage> => {
    const openedAtMs = nowEpochMs();
    let chat: ChatPage | null = null;
    try {
      chat = await newChatPage(browser, context);
      await chat.signIn(requireTenant(context));
      return { openedAtMs, chat, trouble: null };
    } catch (error) {
      await chat?.page.close();
      return { openedAtMs, chat: null, trouble: describeTrouble(error, context) };
    }
  };
  const pages: SignedInPage[] = [];
  while (pages.length < count) pages.push(await open());
  return pages;
}

/**
 * Asks a model that hangs from a few pages, and records whether each shows its user a failure. A page that could not be asked, or that shows
 * a failure although the model was not called, proves nothing and gets no check.
 * @throws HarnessError AI_MOCK_FAILED
 */
export async function runHungPage(run: HungPageRun): Promise<void> {
  const { aiMock, record, pages, model } = run;
  const planned = { page: pages.length };
  const spec = { name: HUNG_PAGE, planned, model, isRecordedAsWhole: true };
  await recordWorkload(spec, run, async ({ scope, calls }) => {
    const asked = await Promise.all(
      pages.map((page, index) => askFromPage(page, run, withNonce(QUESTIONS[0], { scope, index }))),
    );
    run.onAsked();
    const seen = await Promise.all(asked.map((page) => watchPage(page, run)));
    const made = [...(await aiMock.journal(scope, 0)), ...(await aiMock.open(scope))];
    const called = new Set(made.map(({ index }) => index));
    record.append(
      ...seen.map((one, index) => createPageLine(run, { scope, index }, one, called.has(index))),
    );
    await calls?.collect();
    await calls?.collectOpen();
  });
}

type AskedPage = { chat: ChatPage; answer: Locator; sentAtMs: number };

async function askFromPage(
  { chat, trouble, openedAtMs }: SignedInPage,
  run: HungPageRun,
  question: string,
): Promise<AskedPage | Observation> {
  if (chat === null) return failed(openedAtMs, trouble);
  const sentAtMs = nowEpochMs();
  try {
    return { chat, answer: await chat.ask(question), sentAtMs };
  } catch (error) {
    return failed(sentAtMs, describeTrouble(error, run));
  }
}

/** Watches until the page shows a failure, at most as long as a user waits. */
async function watchPage(asked: AskedPage | Observation, run: HungPageRun): Promise<Observation> {
  if ('failureShown' in asked) return asked;
  const { chat, answer, sentAtMs } = asked;
  let failureShown = false;
  try {
    // At least once: a page that was not watched is not known to be silent.
    do {
      await sleep(CHECK_EVERY_MS);
      failureShown = await chat.showsFailure(answer);
    } while (!failureShown && nowEpochMs() - sentAtMs < run.patienceMs);
    return { sentAtMs, endedMs: nowEpochMs() - sentAtMs, failureShown, trouble: null };
  } catch (error) {
    return failed(sentAtMs, describeTrouble(error, run));
  }
}

function failed(sentAtMs: number, trouble: string): Observation {
  return { sentAtMs, endedMs: nowEpochMs() - sentAtMs, failureShown: false, trouble };
}

/** The first line: Playwright adds a log of its attempts. */
function describeTrouble(error: unknown, context: MeasuringContext): string {
  const token = context.tokens.get(requireTenant(context)) ?? '';
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return redactToken(`the page could not be asked: ${line ?? ''}`, token);
}

function createPageLine(
  run: HungPageRun,
  place: RequestPlace,
  { sentAtMs, endedMs, failureShown, trouble }: Observation,
  wasCalled: boolean,
): SampleLine {
  const provesSomething = trouble === null && (wasCalled || !failureShown);
  const silence = `nothing shown within ${Math.round(run.patienceMs / 1000)} s`;
  const failure = failureShown ? 'the page shows a failure' : 'the page keeps waiting';
  return createSampleLine({ name: HUNG_PAGE, operation: 'page' }, place, {
    type: 'iteration',
    sentAtMs,
    tenant: requireTenant(run),
    requestId: null,
    values: { endedMs },
    warmUp: false,
    fault: HUNG_PAGE,
    failure: trouble ?? failure,
    checks: provesSomething ? { page: failureShown } : {},
    objection: trouble === null && !failureShown ? silence : null,
  });
}
