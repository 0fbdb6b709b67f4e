import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { DisturbanceLine } from '../core/record/recordLine.ts';
import { SHORTEST_STALL_MS } from '../core/record/setAside.ts';

/** What the harness's own process did while it measured. What the runtime cannot say is null. */
export type SelfMeasurement = {
  durationMs: number;
  cpuShare: number | null;
  stolenShare: number | null;
  eventLoopDelayP99Ms: number | null;
  /** Stalls of the event loop, added up; `ownStallMs`: less the CPU time that was stolen meanwhile. */
  stallMs: number;
  ownStallMs: number | null;
};

type SelfMonitor = {
  /** Looks for a stall that has just ended, so that it is known before anything is judged. */
  check: () => void;
  /** Ends the watch and says what was seen. */
  end: () => SelfMeasurement;
};

/** Interval at which the event loop is sampled; delays are reported beyond it. */
const RESOLUTION_MS = 10;

/** Starts watching this process. @param onDisturbance told of each disturbance the moment it is over */
export function startSelfMonitor(
  onDisturbance: (one: Disturbance) => void = () => undefined,
): SelfMonitor {
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
    ownStallMs =
      ownStallMs === null || one.stolenMs === null
        ? null
        : ownStallMs + one.durationMs - one.stolenMs;
  });
  const cpu = process.cpuUsage();
  const ticks = readCpuTicks();
  const startMs = performance.now();
  const end = (): SelfMeasurement => {
    delay?.disable();
    watch.end();
    const durationMs = performance.now() - startMs;
    const used = process.cpuUsage(cpu);
    // Without a sample the percentile is 0, which nobody has measured.
    const p99Ns = delay === null || delay.count === 0 ? null : delay.percentile(99);
    return {
      durationMs,
      cpuShare: (used.user + used.system) / 1000 / durationMs,
      stolenShare: stolenShare(ticks, readCpuTicks()),
      eventLoopDelayP99Ms: p99Ns === null ? null : Math.max(p99Ns / 1e6 - RESOLUTION_MS, 0),
      ...{ stallMs, ownStallMs },
    };
  };
  return { check: watch.check, end };
}

export type Disturbance = Pick<DisturbanceLine, 'cause' | 'fromMs' | 'durationMs' | 'stolenMs'>;

/** Often enough to see what could change a verdict, seldom enough to cost nothing. */
const TICK_MS = 25;
/** `/proc/stat` is read this often, and after a stall. */
const READ_CPU_EVERY_MS = 1_000;
/** From this share of the CPU time of such an interval on, what ran meanwhile was slowed down too much to be judged. */
const HEAVILY_STOLEN_SHARE = 0.5;
/** Linux counts CPU time in hundredths of a second (proc(5), USER_HZ). */
const TICK_OF_KERNEL_MS = 10;

/**
 * Watches the event loop of this process, and the CPU time that the machine gives to others.
 * @param onDisturbance told of each disturbance the moment it is over
 * @param readTicks CPU time of the machine so far; null where it does not say
 */
export function watchDisturbances(
  onDisturbance: (one: Disturbance) => void,
  readTicks: () => CpuTicks | null = readCpuTicks,
): {
  /** Looks now, so that a stall that has just ended is known before anything is judged. */
  check: () => void;
  end: () => void;
} {
  const readCpu = () => ({ atMs: performance.now(), ticks: readTicks() });
  let lastMs = performance.now();
  let cpu = readCpu();
  const check = () => {
    const nowMs = performance.now();
    const durationMs = nowMs - lastMs - TICK_MS;
    const isStall = durationMs >= SHORTEST_STALL_MS;
    if (isStall || nowMs - cpu.atMs >= READ_CPU_EVERY_MS) {
      const before = cpu;
      cpu = readCpu();
      const share = stolenShare(before.ticks, cpu.ticks);
      const sinceMs = cpu.atMs - before.atMs;
      if (isStall) {
        const fromMs = performance.timeOrigin + lastMs + TICK_MS;
        const stolenMs = stolenBetween(before.ticks, cpu.ticks, durationMs);
        onDisturbance({ cause: 'stall', fromMs, durationMs, stolenMs });
      }
      if (share !== null && share >= HEAVILY_STOLEN_SHARE && sinceMs > 0) {
        const fromMs = performance.timeOrigin + before.atMs;
        const stolenMs = stolenBetween(before.ticks, cpu.ticks, sinceMs);
        onDisturbance({ cause: 'stolenCpu', fromMs, durationMs: sinceMs, stolenMs });
      }
    }
    lastMs = nowMs;
  };
  const timer = setInterval(check, TICK_MS);
  timer.unref();
  return {
    check,
    end() {
      clearInterval(timer);
      // One that lasts until now has not been seen.
      check();
    },
  };
}

/** Over all cores, so at most as long as the time in question. */
function stolenBetween(
  before: CpuTicks | null,
  after: CpuTicks | null,
  mostMs: number,
): number | null {
  if (before === null || after === null || after.stolen < before.stolen) return null;
  return Math.min(mostMs, (after.stolen - before.stolen) * TICK_OF_KERNEL_MS);
}

/** CPU time since boot over all cores, in ticks of the kernel. */
type CpuTicks = { total: number; stolen: number };

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
