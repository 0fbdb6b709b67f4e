import type { CpuProfile } from './cpuProfile.ts';

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
