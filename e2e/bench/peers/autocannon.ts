import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type MeasuredLoad,
  type OpenLoad,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peers.ts';
import { runTool } from './runTool.ts';

/** Its rate over all connections. By default it corrects for coordinated omission, in its own way; `isCorrected: false` is its `-C`. */
export function runAutocannonOpen(
  autocannon: InstalledPeer,
  load: OpenLoad,
  { isCorrected }: { isCorrected: boolean },
): Promise<MeasuredLoad> {
  const { connections, ratePerSecond, warmUpSeconds = 0 } = load;
  const warmUp = ['--warmup', '[', '-c', `${connections}`, '-d', `${warmUpSeconds}`, ']'];
  return runAutocannon(autocannon, load, [
    `--connections=${connections}`,
    `--overallRate=${ratePerSecond}`,
    ...(warmUpSeconds === 0 ? [] : warmUp),
    ...(isCorrected ? [] : ['--ignoreCoordinatedOmission']),
  ]);
}

export function runAutocannonClosed(
  autocannon: InstalledPeer,
  load: ClosedLoad,
): Promise<MeasuredLoad> {
  return runAutocannon(autocannon, load, [`--connections=${load.users}`]);
}

async function runAutocannon(
  { file }: InstalledPeer,
  load: { url: string; seconds: number; warmUpSeconds?: number },
  options: string[],
): Promise<MeasuredLoad> {
  const args = ['--json', '--no-progress', `--duration=${load.seconds}`, ...options, load.url];
  const run = await runTool(file, args, { timeoutMs: timeoutFor(load) });
  return { report: readAutocannon(run.stdout), run };
}

const result = z.object({
  '2xx': z.int(),
  non2xx: z.int(),
  errors: z.int(),
  latency: z.object({ p50: z.number(), p99: z.number() }),
});

/** Reads its JSON, which has no P95; that of a warm-up stands on a line before. @throws Error for another output, or for failed requests */
export function readAutocannon(stdout: string): ToolReport {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const read = result.safeParse(parseJson(last));
  if (!read.success)
    throw new Error(`autocannon's result is not understood: ${last.slice(0, 120)}`);
  const { '2xx': requests, non2xx, errors, latency } = read.data;
  refuseFailures(non2xx + errors, requests);
  const { p50, p99 } = latency;
  return { requests, quantilesMs: { p50, p95: null, p99 }, dropped: null };
}
