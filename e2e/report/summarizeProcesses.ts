import type { ProcessLine } from '../core/record/recordLine.ts';
import type { ProcessResult } from '../core/verdict/loadSummary.ts';

/** Sums up each process at each rate, ordered by rate. */
export function summarizeProcesses(lines: readonly ProcessLine[]): ProcessResult[] {
  const groups = Map.groupBy(lines, (line) => `${line.process} ${line.ratePerSecond}`);
  const results = [...groups.values()].map((group) => {
    const { process: name, ratePerSecond } = group[0] as ProcessLine;
    const greatest = (key: 'residentBytes' | 'heapUsedBytes' | 'eventLoopDelayP99Ms') => {
      const known = group.map((line) => line[key]).filter((value) => value !== null);
      return known.length === 0 ? null : Math.max(...known);
    };
    return {
      process: name,
      ratePerSecond,
      cpuShare: meanCpuShare(group),
      residentBytes: greatest('residentBytes'),
      heapUsedBytes: greatest('heapUsedBytes'),
      eventLoopDelayP99Ms: greatest('eventLoopDelayP99Ms'),
    };
  });
  const place = (result: ProcessResult) => PROCESS_ORDER.indexOf(result.process);
  return results.sort(
    (a, b) => (a.ratePerSecond ?? 0) - (b.ratePerSecond ?? 0) || place(a) - place(b),
  );
}

const PROCESS_ORDER = ['target', 'model', 'harness'];

/** The mean of the shares, weighted by duration. */
export function meanCpuShare(lines: readonly ProcessLine[]): number | null {
  const known = lines.flatMap(({ cpuShare, durationMs }) =>
    cpuShare === null ? [] : [{ cpuMs: cpuShare * durationMs, durationMs }],
  );
  const durationMs = known.reduce((sum, one) => sum + one.durationMs, 0);
  return durationMs === 0 ? null : known.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / durationMs;
}
