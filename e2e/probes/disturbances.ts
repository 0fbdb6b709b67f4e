import type { DisturbanceLine } from '../core/record/recordLine.ts';
import { SHORTEST_STALL_MS } from '../core/record/setAside.ts';
import { type CpuTicks, readCpuTicks, stolenShare } from './stolenCpu.ts';

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
