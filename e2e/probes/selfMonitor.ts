import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Standstill } from '../core/record/standstill.ts';
import { watchStandstills } from './standstills.ts';
import { readCpuTicks, stolenShare } from './stolenCpu.ts';

/** What the harness's own process did while it measured. What the runtime cannot say is null. */
export type SelfMeasurement = {
  durationMs: number;
  cpuShare: number | null;
  stolenShare: number | null;
  eventLoopDelayP99Ms: number | null;
  standstills: Standstill[];
};

/** Interval at which the event loop is sampled; delays are reported beyond it. */
const RESOLUTION_MS = 10;

/** Starts watching this process; the function it gives back ends that and says what was seen. */
export function startSelfMonitor(): () => SelfMeasurement {
  // Deno's histogram counts on another scale, so there the delay is unknown.
  const delay =
    process.versions.deno === undefined
      ? monitorEventLoopDelay({ resolution: RESOLUTION_MS })
      : null;
  delay?.enable();
  const endStandstills = watchStandstills();
  const cpu = process.cpuUsage();
  const ticks = readCpuTicks();
  const startMs = performance.now();
  return () => {
    delay?.disable();
    const durationMs = performance.now() - startMs;
    const used = process.cpuUsage(cpu);
    // Without a sample the percentile is 0, which nobody has measured.
    const p99Ns = delay === null || delay.count === 0 ? null : delay.percentile(99);
    return {
      durationMs,
      cpuShare: (used.user + used.system) / 1000 / durationMs,
      stolenShare: stolenShare(ticks, readCpuTicks()),
      eventLoopDelayP99Ms: p99Ns === null ? null : Math.max(p99Ns / 1e6 - RESOLUTION_MS, 0),
      standstills: endStandstills(),
    };
  };
}
