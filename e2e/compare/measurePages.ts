import { type Browser, type CDPSession, chromium } from '@playwright/test';
import { readHeapUsage, STEADY_HEAP_ARGS } from '../probes/heap/sampleHeap.ts';
import { recordRequests } from '../probes/page/recordRequests.ts';
import { weighPage } from '../probes/page/weighPage.ts';
import { ChatPage } from '../salestalk/chatPage.ts';
import { QUESTIONS, withNonce } from '../salestalk/questions.ts';
import { browserLaunch } from '../setup/browser.ts';
import { askAndWait } from '../workloads/page/measurePageHeap.ts';
import { openUntilIdle } from '../workloads/page/measureVisits.ts';
import { nowEpochMs } from '../workloads/recordWorkload.ts';
import type { PairsOptions } from './measurePairs.ts';
import { type Block, type Pair, SIDES, type SideName } from './metrics.ts';
import type { OpenSide } from './openSides.ts';
import { comparisonInvalid } from './sides.ts';

/** Later questions have indexes of their own, apart from those of the API. */
const FIRST_INDEX = 100_000_000;
/** The first questions load code and fill caches. */
const WARM_UP_QUESTIONS = 4;
/** Heap and weight hardly vary, so that these are far more than are needed. */
const MOST_PAIRS = 40;
/** Fewer give no interval. */
const FEWEST_PAIRS = 10;

type OpenPage = { side: OpenSide; browser: Browser; chat: ChatPage; session: CDPSession };

/**
 * Measures pairs of a question and a first visit, on a page that is kept open on each side. Nothing here is timed, so both sides are asked at
 * the same time. @throws HarnessError COMPARISON_INVALID with the side whose page failed
 */
export async function measurePagePairs({
  sides,
  scopes,
  tenants,
  untilMs,
  isClear,
}: Pick<PairsOptions, 'sides' | 'scopes' | 'tenants' | 'untilMs' | 'isClear'>): Promise<Pair[]> {
  const [tenant = ''] = tenants;
  await using resources = new AsyncDisposableStack();
  const pages: OpenPage[] = [];
  for (const name of SIDES) {
    pages.push(await blame(name, () => openPage(sides[name], tenant, resources)));
  }
  const measureAll = async (index: number) => {
    const blocks = await Promise.all(
      pages.map((page) => {
        const { name } = page.side;
        return blame(name, () => measurePage(page, { scope: scopes[name], index }));
      }),
    );
    const [baseline, candidate] = blocks as [Block, Block];
    return { baseline, candidate };
  };
  for (let at = 0; at < WARM_UP_QUESTIONS; at++) await measureAll(FIRST_INDEX + at);
  const pairs: Pair[] = [];
  while (pairs.length < MOST_PAIRS && (pairs.length < FEWEST_PAIRS || !isClear(pairs))) {
    if (pairs.length > 0 && nowEpochMs() >= untilMs) break;
    pairs.push(await measureAll(FIRST_INDEX + WARM_UP_QUESTIONS + pairs.length));
  }
  return pairs;
}

async function openPage(
  side: OpenSide,
  tenant: string,
  resources: AsyncDisposableStack,
): Promise<OpenPage> {
  const launch = browserLaunch();
  const args = [...(launch.args ?? []), ...STEADY_HEAP_ARGS];
  const browser = resources.use(await chromium.launch({ ...launch, args }));
  const chat = await newChatPage(browser, side);
  await chat.signIn(tenant);
  const session = await chat.page.context().newCDPSession(chat.page);
  return { side, browser, chat, session };
}

async function measurePage(
  { side, browser, chat, session }: OpenPage,
  place: { scope: string; index: number },
): Promise<Block> {
  await askAndWait(chat, withNonce(QUESTIONS[0], place));
  const { usedBytes } = await readHeapUsage(session);
  const visitor = await newChatPage(browser, side);
  await using _context = visitor.page.context();
  const recording = await recordRequests(visitor.page);
  await openUntilIdle(visitor);
  const { encodedBytes } = weighPage(await recording.stop());
  return { requests: [], sequential: [], page: { heapBytes: usedBytes, visitBytes: encodedBytes } };
}

/** A page in a browser context of its own, so that nothing is kept from another visit. */
async function newChatPage(browser: Browser, { pageUrl, tokenOf }: OpenSide): Promise<ChatPage> {
  if (pageUrl === null) throw new Error('it has no page');
  return new ChatPage(await browser.newPage(), { url: pageUrl, tokenOf });
}

/** Names the side in the error of its page. */
async function blame<T>(name: SideName, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const [found = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw comparisonInvalid({
      summary: `The page of the ${name} could not be measured.`,
      found,
      expected: 'a page that lets a user in and answers',
      remedy: `Open the page of the ${name} by hand, or leave pages out by --only api.`,
    });
  }
}
