import type { CpuProfile, ProfileNode } from './cpuProfile.ts';
import { selfTimes } from './selfTimes.ts';

/** A function by the time that was spent in itself, not in what it called. */
export type HotFunction = {
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
