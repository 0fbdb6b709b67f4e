import type { Page } from '@playwright/test';
import { readFromPage } from '../page/pageLost.ts';

/** One function in one place of the call tree. */
export type ProfileNode = {
  id: number;
  /** Lines and columns count from 0, −1 where there are none; `url` is '' for what is no script. */
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

/** What Chrome DevTools loads as a `.cpuprofile`: `Profiler.Profile` of CDP. All times in µs of Chromium's monotonic clock. */
export type CpuProfile = {
  nodes: ProfileNode[];
  startTime: number;
  endTime: number;
  /** The node that ran at each sample. */
  samples: number[];
  /** From each sample's predecessor to it, the first from `startTime`; a sample may be told late, so one may be negative. */
  timeDeltas: number[];
};

/** A profile that is being taken. @throws HarnessError PAGE_LOST */
type CpuProfiling = { stop: () => Promise<CpuProfile> };

/** Fine enough for a function of 1 ms; Chromium's own default is 1000. */
const SAMPLING_INTERVAL_US = 200;

/**
 * Takes a CPU profile of a page's main thread, by the Profiler domain of CDP, until `stop`. It slows the page down, so it is for diagnosis and
 * not for what is measured. Workers and frames of other sites have threads of their own and are not in it. Addresses of scripts are kept
 * without user, query and fragment, which may hold secrets.
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
        samples: told('samples', profile.samples),
        timeDeltas: told('timeDeltas', profile.timeDeltas),
      };
    },
  };
}

function told(name: string, values: number[] | undefined): number[] {
  if (values === undefined) throw new Error(`Chromium's CPU profile has no ${name}.`);
  return values;
}

/**
 * The address of a script without what may hold a secret: user, query and fragment. Of an address that is the script itself (`data:`), or that
 * cannot be read, its scheme alone; '' stays.
 */
export function redactScriptUrl(url: string): string {
  if (url === '') return '';
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { protocol, host, pathname } = parsed;
  const isPlace = ['http:', 'https:', 'file:'].includes(protocol);
  return isPlace ? `${protocol}//${host}${pathname}` : protocol;
}
