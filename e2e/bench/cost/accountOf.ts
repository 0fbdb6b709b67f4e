import type { CpuProfile, ProfileNode } from '../../probes/cpu/cpuProfile.ts';
import { selfTimes } from '../../probes/cpu/hottestFunctions.ts';

/** Where the CPU time of a Node program went: the share of each place in the time that it was not idle, the largest first. */
export type Account = { place: string; share: number; hottest: string }[];

/**
 * Sums up a profile by whose code it was. @param places names by what an address holds, the first that fits counts
 * @throws RangeError for a profile in which nothing ran
 */
export function accountOf(
  profile: CpuProfile,
  places: readonly (readonly [holds: string, place: string])[],
): Account {
  const times = selfTimes(profile);
  const ran = profile.nodes.filter(
    (node) => times.has(node.id) && node.callFrame.functionName !== '(idle)',
  );
  const timeOf = (nodes: readonly ProfileNode[]): number =>
    nodes.reduce((sum, { id }) => sum + (times.get(id) ?? Number.NaN), 0);
  const busyUs = timeOf(ran);
  if (!(busyUs > 0)) throw new RangeError('a profile in which nothing ran has no account');
  const byPlace = Map.groupBy(ran, (node) => placeOf(node, places));
  return [...byPlace]
    .map(([place, nodes]) => ({
      place,
      share: timeOf(nodes) / busyUs,
      hottest: hottestOf(nodes, timeOf, busyUs),
    }))
    .sort((a, b) => b.share - a.share);
}

/** What is no script is of the engine, and named after what it does. */
function placeOf(
  { callFrame: { url, functionName } }: ProfileNode,
  places: readonly (readonly [string, string])[],
): string {
  const named = places.find(([holds]) => url.includes(holds));
  if (named !== undefined) return named[1];
  if (url !== '') return 'elsewhere';
  if (functionName === '(garbage collector)') return 'garbage collection';
  return functionName.startsWith('(') ? 'the engine itself' : 'system calls and other native code';
}

const HOTTEST = 3;

function hottestOf(
  nodes: readonly ProfileNode[],
  timeOf: (nodes: readonly ProfileNode[]) => number,
  busyUs: number,
): string {
  const byName = Map.groupBy(nodes, ({ callFrame }) => callFrame.functionName || 'without a name');
  return [...byName]
    .map(([name, own]) => ({ name, share: timeOf(own) / busyUs }))
    .sort((a, b) => b.share - a.share)
    .slice(0, HOTTEST)
    .map(({ name, share }) => `${name} ${(share * 100).toFixed(1)} %`)
    .join(', ');
}
