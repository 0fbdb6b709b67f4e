import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { DisturbanceLine } from '../core/record/recordLine.ts';
import { SHORTEST_STALL_MS } from '../core/record/setAside.ts';

/** CPU and event loop of the harness's own process while it measured. A value that the runtime cannot measure is null. */
export type SelfMeasurement = {
  durationMs: number;
  cpuShare: number | null;
  stolenShare: number | null;
  eventLoopDelayP99Ms: number | null;
  /** Sum of the event-loop stalls; `ownStallMs` leaves out the CPU time stolen meanwhile. */
  stallMs: number;
  ownStallMs: number | null;
};

/** Sampling interval of the event loop; it is subtracted from the delays. */
const RESOLUTION_MS = 10;

/** Monitors this process. @param onDisturbance called at the end of each disturbance */
export function startSelfMonitor(onDisturbance: (one: Disturbance) => void = () => undefined) {
  // Deno's histogram counts on another scale, so there the delay is unknown.
  const delay =
    process.versions.deno === undefined
      ? monitorEventLoopDelay({ resolution: RESOLUTION_MS })
      : null;
  delay?.enable();
  let stallMs = 0;
  let ownStallMs: number | null = 0;
  const watch = watchDisturbances((one) => {
    onDisturbance(one);
    if (one.cause !== 'stall') return;
    stallMs += one.durationMs;
    if (one.stolenMs === null) ownStallMs = null;
    else if (ownStallMs !== null) ownStallMs += one.durationMs - one.stolenMs;
  });
  const cpu = process.cpuUsage();
  const ticks = readCpuTicks();
  const startMs = performance.now();
  const end = (): SelfMeasurement => {
    delay?.disable();
    watch.end();
    const durationMs = performance.now() - startMs;
    const used = process.cpuUsage(cpu);
    // Without a sample the percentile is 0, which was not measured.
    const p99Ns = delay === null || delay.count === 0 ? null : delay.percentile(99);
    return {
      durationMs,
      cpuShare: (used.user + used.system) / 1000 / durationMs,
      stolenShare: stolenShare(ticks, readCpuTicks()),
      eventLoopDelayP99Ms: p99Ns === null ? null : Math.max(p99Ns / 1e6 - RESOLUTION_MS, 0),
      stallMs,
      ownStallMs,
    };
  };
  return {
    /** Records a stall that has just ended, so that it is known before anything is judged. */
    check: watch.check,
    end,
  };
}

export type Disturbance = Pick<DisturbanceLine, 'cause' | 'fromMs' | 'durationMs' | 'stolenMs'>;

/** Short enough to see what could change a verdict, long enough to cost nothing. */
const TICK_MS = 25;
/** `/proc/stat` is read this often, and after a stall. */
const READ_CPU_EVERY_MS = 1_000;
/** With this share of the CPU time stolen, whatever ran in the interval was too slow to be judged. */
const HEAVILY_STOLEN_SHARE = 0.5;
/** Linux counts CPU time in hundredths of a second (proc(5), USER_HZ). */
const TICK_OF_KERNEL_MS = 10;

/**
 * Watches this process for event-loop stalls, and the machine for stolen CPU time.
 * @param onDisturbance called at the end of each disturbance
 * @param readTicks CPU time of the machine so far; null if unknown
 */
export function watchDisturbances(
  onDisturbance: (one: Disturbance) => void,
  readTicks: () => CpuTicks | null = readCpuTicks,
) {
  const readCpu = () => ({ atMs: performance.now(), ticks: readTicks() });
  let lastMs = performance.now();
  let cpu = readCpu();
  const check = () => {
    const nowMs = performance.now();
    const previousMs = lastMs;
    lastMs = nowMs;
    const durationMs = nowMs - previousMs - TICK_MS;
    const isStall = durationMs >= SHORTEST_STALL_MS;
    if (!isStall && nowMs - cpu.atMs < READ_CPU_EVERY_MS) return;
    const before = cpu;
    cpu = readCpu();
    const share = stolenShare(before.ticks, cpu.ticks);
    const sinceMs = cpu.atMs - before.atMs;
    if (isStall) {
      const fromMs = performance.timeOrigin + previousMs + TICK_MS;
      const stolenMs = stolenBetween(before.ticks, cpu.ticks, durationMs);
      onDisturbance({ cause: 'stall', fromMs, durationMs, stolenMs });
    }
    if (share !== null && share >= HEAVILY_STOLEN_SHARE) {
      const fromMs = performance.timeOrigin + before.atMs;
      const stolenMs = stolenBetween(before.ticks, cpu.ticks, sinceMs);
      onDisturbance({ cause: 'stolenCpu', fromMs, durationMs: sinceMs, stolenMs });
    }
  };
  const timer = setInterval(check, TICK_MS);
  timer.unref();
  return {
    check,
    end() {
      clearInterval(timer);
      // A stall that lasts until now is not recorded yet.
      check();
    },
  };
}

/** Stolen CPU time is summed over all cores, so it is limited to `maxMs`. */
function stolenBetween(
  before: CpuTicks | null,
  after: CpuTicks | null,
  maxMs: number,
): number | null {
  if (before === null || after === null || after.stolen < before.stolen) return null;
  return Math.min(maxMs, (after.stolen - before.stolen) * TICK_OF_KERNEL_MS);
}

/** CPU time since boot over all cores, in ticks of the kernel. */
type CpuTicks = { total: number; stolen: number };

/** Reads `/proc/stat` (proc(5)): the eighth value of the line `cpu` is stolen time. Null if there is none. */
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

/** Share of the CPU time stolen between two readings; null if one is unknown or the kernel's counters went back. */
export function stolenShare(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null) return null;
  if (after.total <= before.total || after.stolen < before.stolen) return null;
  return (after.stolen - before.stolen) / (after.total - before.total);
}
