import type { Page } from '@playwright/test';
import type { Protocol } from 'puppeteer-core';
import { shortText } from '../../core/terminalText.ts';
import { readFromPage } from './pageLost.ts';

export type ProfileNode = Protocol.Profiler.ProfileNode;

/** CDP's profile, which Chrome DevTools loads as a `.cpuprofile`. Times in µs of Chromium's monotonic clock. */
export type CpuProfile = Protocol.Profiler.Profile & {
  /** The running node at each sample. */
  samples: number[];
  /** Time since the previous sample, the first since `startTime`; negative if a sample was reported late. */
  timeDeltas: number[];
};

/** `stop` throws HarnessError PAGE_LOST if the page is gone. */
/** Fine enough for a function of 1 ms; Chromium's default is 1000. */
const SAMPLING_INTERVAL_US = 200;

/**
 * Takes a CPU profile of a page's main thread with CDP's Profiler until `stop`. It slows the page down, so use it for diagnosis only.
 * It leaves out workers and frames of other sites, which have their own threads, and the parts of URLs that may hold secrets.
 */
export async function recordCpuProfile(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
  await session.send('Profiler.start');
  return {
    /** @throws HarnessError PAGE_LOST */
    stop: async (): Promise<CpuProfile> => {
      const { profile } = await readFromPage('the CPU profile', session.send('Profiler.stop'));
      await session.detach().catch(() => undefined);
      const { samples, timeDeltas } = profile;
      if (samples === undefined || timeDeltas === undefined) {
        throw new Error("Chromium's CPU profile has no samples.");
      }
      const nodes = profile.nodes.map((node) => ({
        ...node,
        callFrame: { ...node.callFrame, url: redactScriptUrl(node.callFrame.url) },
      }));
      return { ...profile, nodes, samples, timeDeltas };
    },
  };
}

/**
 * A script's URL without user, query and fragment, which may hold secrets; only the scheme of a URL that is the script itself
 * (`data:`), and '' for one that cannot be read.
 */
export function redactScriptUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return '';
  const { protocol, host, pathname } = parsed;
  const isPlace = ['http:', 'https:', 'file:'].includes(protocol);
  return isPlace ? `${protocol}//${host}${pathname}` : protocol;
}

type HotFunction = {
  /** '' without a name; `garbage collection` for the collector. */
  functionName: string;
  /** `app.js:7:3`: last part of the script's URL, line and column from 1. Null outside scripts: the collector and the engine's functions. */
  place: string | null;
  selfMs: number;
  /** 0–1 of the thread's busy time. */
  share: number;
};

const IDLE = '(idle)';
/** Entries that are no functions: idle time, the browser's own work, and the root of the tree. */
const NO_FUNCTION = [IDLE, '(program)', '(root)'];

/** The `count` functions of a profile with the most self time, hottest first. */
export function findHottestFunctions(profile: CpuProfile, count = 5): HotFunction[] {
  const times = selfTimes(profile);
  const sumTimes = (nodes: ProfileNode[]): number =>
    nodes.reduce((sum, { id }) => sum + (times.get(id) ?? 0), 0);
  const isBusy = ({ callFrame }: ProfileNode) => callFrame.functionName !== IDLE;
  const busyUs = sumTimes(profile.nodes.filter(isBusy));
  const functions = Map.groupBy(
    profile.nodes.filter(
      ({ callFrame: { functionName, url } }) => url !== '' || !NO_FUNCTION.includes(functionName),
    ),
    ({ callFrame: { functionName, url, lineNumber, columnNumber } }) =>
      JSON.stringify([functionName, url, lineNumber, columnNumber]),
  );
  return [...functions.values()]
    .map((nodes) => hotFunction(nodes, sumTimes(nodes), busyUs))
    .filter(({ selfMs }) => selfMs > 0)
    .sort((a, b) => b.selfMs - a.selfMs)
    .slice(0, count);
}

function hotFunction(nodes: ProfileNode[], selfUs: number, busyUs: number): HotFunction {
  const [{ callFrame }] = nodes as [ProfileNode];
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  const isCollector = url === '' && functionName === '(garbage collector)';
  const position = [lineNumber, columnNumber].filter((at) => at >= 0).map((at) => at + 1);
  return {
    functionName: isCollector ? 'garbage collection' : functionName,
    place: url === '' ? null : [cut(readFileName(url)), ...position].join(':'),
    selfMs: selfUs / 1000,
    share: selfUs / busyUs,
  };
}

/** An inline script has the page's URL, whose last part is empty at the root of a site. */
function readFileName(url: string): string {
  const path = url.split(/[?#]/)[0] ?? '';
  return path.split('/').at(-1) || '/';
}

/**
 * Self time of each node by id in µs, as Chrome DevTools counts it: from each of its samples to the next one or the end of the
 * profile. Sorts samples that were reported late.
 */
export function selfTimes({
  samples,
  timeDeltas,
  startTime,
  endTime,
}: CpuProfile): Map<number, number> {
  if (samples.length !== timeDeltas.length) {
    throw new RangeError('a profile has as many times as samples');
  }
  let atUs = startTime;
  const taken = samples
    .map((id, index) => {
      atUs += timeDeltas[index] ?? Number.NaN;
      return { id, atUs };
    })
    .sort((a, b) => a.atUs - b.atUs);
  const times = new Map<number, number>();
  for (const [index, sample] of taken.entries()) {
    const untilUs = taken[index + 1]?.atUs ?? Math.max(endTime, sample.atUs);
    times.set(sample.id, (times.get(sample.id) ?? 0) + untilUs - sample.atUs);
  }
  return times;
}

/** Names of bundlers can have any length. */
const MAX_NAME_LENGTH = 60;

/** One line for each, for example `holdFor (busy.js:2:18): 148.2 ms, 92.3 % of the busy time`; safe to show on a terminal. */
export function describeHottest(functions: readonly HotFunction[]): string {
  const lines = functions.map((hot) => {
    const share = (hot.share * 100).toFixed(1);
    return `${describeFunction(hot)}: ${hot.selfMs.toFixed(1)} ms, ${share} % of the busy time`;
  });
  return lines.join('\n');
}

function describeFunction({ functionName, place }: HotFunction): string {
  if (functionName === '') return place === null ? '(anonymous)' : `(anonymous) ${place}`;
  return place === null ? cut(functionName) : `${cut(functionName)} (${place})`;
}

function cut(name: string): string {
  return shortText(name, MAX_NAME_LENGTH);
}
