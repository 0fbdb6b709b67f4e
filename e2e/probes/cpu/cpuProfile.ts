import type { Page } from '@playwright/test';
import { readFromPage } from '../page/pageLost.ts';

/** One function at one place of the call tree. */
export type ProfileNode = {
  id: number;
  /** Lines and columns count from 0, −1 without one; `url` is '' outside scripts. */
  callFrame: {
    functionName: string;
    scriptId: string;
    url: string;
    lineNumber: number;
    columnNumber: number;
  };
  hitCount?: number;
  children?: number[];
};

/** CDP's `Profiler.Profile`, which Chrome DevTools loads as a `.cpuprofile`. Times in µs of Chromium's monotonic clock. */
export type CpuProfile = {
  nodes: ProfileNode[];
  startTime: number;
  endTime: number;
  /** The running node at each sample. */
  samples: number[];
  /** Time since the previous sample, the first since `startTime`; negative if a sample was reported late. */
  timeDeltas: number[];
};

/** `stop` throws HarnessError PAGE_LOST if the page is gone. */
type CpuProfiling = { stop: () => Promise<CpuProfile> };

/** Fine enough for a function of 1 ms; Chromium's default is 1000. */
const SAMPLING_INTERVAL_US = 200;

/**
 * Takes a CPU profile of a page's main thread with CDP's Profiler until `stop`. It slows the page down, so use it for diagnosis only.
 * It leaves out workers and frames of other sites, which have their own threads, and the parts of URLs that may hold secrets.
 */
export async function cpuProfile(page: Page): Promise<CpuProfiling> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  await session.send('Profiler.start');
  return {
    stop: async () => {
      const { profile } = await readFromPage('the CPU profile', session.send('Profiler.stop'));
      await session.detach().catch(() => undefined);
      return {
        ...profile,
        nodes: profile.nodes.map((node) => ({
          ...node,
          callFrame: { ...node.callFrame, url: redactScriptUrl(node.callFrame.url) },
        })),
        samples: requireValues('samples', profile.samples),
        timeDeltas: requireValues('timeDeltas', profile.timeDeltas),
      };
    },
  };
}

function requireValues(name: string, values: number[] | undefined): number[] {
  if (values === undefined) throw new Error(`Chromium's CPU profile has no ${name}.`);
  return values;
}

/**
 * A script's URL without user, query and fragment, which may hold secrets; only the scheme of a URL that is the script itself
 * (`data:`), and '' for one that cannot be read.
 */
export function redactScriptUrl(url: string): string {
  if (url === '') return '';
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { protocol, host, pathname } = parsed;
  const isPlace = ['http:', 'https:', 'file:'].includes(protocol);
  return isPlace ? `${protocol}//${host}${pathname}` : protocol;
}
