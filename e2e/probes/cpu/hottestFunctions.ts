import { shortText } from '../../core/shortText.ts';
import type { CpuProfile, ProfileNode } from './cpuProfile.ts';

/** A function by the time that was spent in itself, not in what it called. */
type HotFunction = {
  /** '' where it has none; `garbage collection` for the collector. */
  functionName: string;
  /** The last part of the script's address; null for what is no script: the collector, and functions of the engine. */
  file: string | null;
  /** Counted from 1; null as `file`. */
  line: number | null;
  /** Counted from 1: in a script of one line all functions lie on that line. Null as `file`. */
  column: number | null;
  selfMs: number;
  /** 0–1 of the time in which the thread was not idle. */
  share: number;
};

const IDLE = '(idle)';
/** What is no function of anyone: no work, the browser's own work beside scripts, and the top of the tree. */
const NO_FUNCTION = [IDLE, '(program)', '(root)'];

/** The functions of a profile that took most time by themselves, the hottest first; fewer than `count` where fewer ran. */
export function hottestFunctions(profile: CpuProfile, count = 5): HotFunction[] {
  const times = selfTimes(profile);
  const nodes = profile.nodes.filter((node) => times.has(node.id));
  const timeOf = (node: ProfileNode) => times.get(node.id) ?? Number.NaN;
  const busyUs = nodes
    .filter(({ callFrame }) => callFrame.functionName !== IDLE)
    .reduce((sum, node) => sum + timeOf(node), 0);
  const functions = Map.groupBy(
    nodes.filter(({ callFrame }) => !isNoFunction(callFrame)),
    ({ callFrame: { functionName, url, lineNumber, columnNumber } }) =>
      JSON.stringify([functionName, url, lineNumber, columnNumber]),
  );
  return [...functions.values()]
    .map((places) => hotFunction(places, busyUs, timeOf))
    .filter(({ selfMs }) => selfMs > 0)
    .sort((a, b) => b.selfMs - a.selfMs)
    .slice(0, count);
}

function isNoFunction({ functionName, url }: ProfileNode['callFrame']): boolean {
  return url === '' && NO_FUNCTION.includes(functionName);
}

function hotFunction(
  places: ProfileNode[],
  busyUs: number,
  timeOf: (node: ProfileNode) => number,
): HotFunction {
  const [{ callFrame }] = places as [ProfileNode];
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  const selfUs = places.reduce((sum, node) => sum + timeOf(node), 0);
  const isScript = url !== '';
  const isCollector = !isScript && functionName === '(garbage collector)';
  return {
    functionName: isCollector ? 'garbage collection' : functionName,
    file: isScript ? fileOf(url) : null,
    line: isScript && lineNumber >= 0 ? lineNumber + 1 : null,
    column: isScript && columnNumber >= 0 ? columnNumber + 1 : null,
    selfMs: selfUs / 1000,
    share: selfUs / busyUs,
  };
}

/** A page's own script bears the page's name, and at the top of a site that is nothing. */
function fileOf(url: string): string {
  const path = url.split(/[?#]/)[0] ?? '';
  return path.split('/').at(-1) || '/';
}

/**
 * Time spent in each node itself, by its id, in µs: from each of its samples to the next, and from the last to the end of the profile, as
 * Chrome DevTools counts it. Samples that were told late are put back in their order. Nodes that were never on top are not in it.
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

/** Bundlers make names of any length. */
const LONGEST_NAME = 60;

/** A line each, such as `holdFor (busy.js:2:18): 148.2 ms, 92.3 % of the busy time`; safe to show on a terminal. */
export function describeHottest(functions: readonly HotFunction[]): string {
  const lines = functions.map((hot) => {
    const share = (hot.share * 100).toFixed(1);
    return `${nameOf(hot)}: ${hot.selfMs.toFixed(1)} ms, ${share} % of the busy time`;
  });
  return lines.join('\n');
}

/** A function without a name is called by its place. */
function nameOf({ functionName, file, line, column }: HotFunction): string {
  const place = file === null ? null : [cut(file), line, column].filter(isKnown).join(':');
  if (functionName === '') return `(anonymous)${place === null ? '' : ` ${place}`}`;
  return place === null ? cut(functionName) : `${cut(functionName)} (${place})`;
}

function isKnown(part: string | number | null): boolean {
  return part !== null;
}

function cut(name: string): string {
  return shortText(name, LONGEST_NAME);
}
