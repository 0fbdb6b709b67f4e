import { readFileSync } from 'node:fs';

/** CPU time since boot over all cores, in ticks of the kernel. */
export type CpuTicks = { total: number; stolen: number };

/** Reads `/proc/stat` (proc(5)): the eighth figure of the line `cpu` is the time that the hypervisor gave to others. Null where there is none. */
export function readCpuTicks(): CpuTicks | null {
  try {
    return parseCpuTicks(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return null;
  }
}

export function parseCpuTicks(procStat: string): CpuTicks | null {
  const fields = /^cpu\s+(.+)$/m.exec(procStat)?.[1]?.trim().split(/\s+/).map(Number);
  const stolen = fields?.[7];
  if (fields === undefined || stolen === undefined || fields.some(Number.isNaN)) return null;
  // Guest time (fields 9 and 10) is contained in user time already.
  return { total: fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0), stolen };
}

/** Share of the CPU time between two readings that was stolen; null when either is unknown, or the kernel's counters went back. */
export function stolenShare(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null) return null;
  if (after.total <= before.total || after.stolen < before.stolen) return null;
  return (after.stolen - before.stolen) / (after.total - before.total);
}
