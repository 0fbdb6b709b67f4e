import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Disturbance, watchDisturbances } from './disturbances.ts';
import { readCpuTicks, stolenShare } from './stolenCpu.ts';

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

export type SelfMonitor = {
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
