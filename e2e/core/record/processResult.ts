import type { z } from 'zod';
import { type ProcessLine, processLine } from './processLine.ts';

/** What a process came to over a load, or over the step of a search at this rate. */
export const processResultSchema = processLine
  .pick({
    process: true,
    ratePerSecond: true,
    cpuShare: true,
    residentBytes: true,
    heapUsedBytes: true,
    eventLoopDelayP99Ms: true,
  })
  .extend({
    cpuShare: processLine.shape.cpuShare.describe('Of one core'),
    residentBytes: processLine.shape.residentBytes.describe('At most, whenever it was read'),
    heapUsedBytes: processLine.shape.heapUsedBytes.describe('At most, whenever it was read'),
    eventLoopDelayP99Ms: processLine.shape.eventLoopDelayP99Ms.describe('The worst that was read'),
  });

export type ProcessResult = z.infer<typeof processResultSchema>;

/** Sums up what each process told of itself at each rate, in the order of the rates. A time for which it is not known is left out. */
export function resultsOfProcesses(lines: readonly ProcessLine[]): ProcessResult[] {
  const groups = Map.groupBy(lines, (line) => `${line.process} ${line.ratePerSecond}`);
  const results = [...groups.values()].map((group) => {
    const { process: name, ratePerSecond } = group[0] as ProcessLine;
    const greatest = (key: 'residentBytes' | 'heapUsedBytes' | 'eventLoopDelayP99Ms') =>
      greatestOf(group.map((line) => line[key]));
    return {
      process: name,
      ratePerSecond,
      cpuShare: cpuShareOf(group),
      residentBytes: greatest('residentBytes'),
      heapUsedBytes: greatest('heapUsedBytes'),
      eventLoopDelayP99Ms: greatest('eventLoopDelayP99Ms'),
    };
  });
  const place = (result: ProcessResult) => ORDER.indexOf(result.process);
  return results.sort(
    (a, b) => (a.ratePerSecond ?? 0) - (b.ratePerSecond ?? 0) || place(a) - place(b),
  );
}

const ORDER = ['target', 'model', 'harness'];

/** CPU time over time: a mean of shares, each as heavy as it lasted. */
function cpuShareOf(lines: readonly ProcessLine[]): number | null {
  const known = lines.flatMap(({ cpuShare, durationMs }) =>
    cpuShare === null ? [] : [{ cpuMs: cpuShare * durationMs, durationMs }],
  );
  const durationMs = known.reduce((sum, one) => sum + one.durationMs, 0);
  return durationMs === 0 ? null : known.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / durationMs;
}

function greatestOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
