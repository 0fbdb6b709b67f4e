import { z } from 'zod';
import { parseJson } from '../../core/parseJson.ts';
import { runTool } from '../process/runTool.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type OpenLoad,
  type Peer,
  type Ran,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peer.ts';

export const AUTOCANNON: Peer = {
  name: 'autocannon',
  install: 'npm install -g autocannon',
  versionArgs: ['--version'],
  versionIn: (said) => /^autocannon v(\S+)/m.exec(said)?.[1] ?? null,
};

/** Its rate over all connections. By default it makes up for coordinated omission, in its own way; `isCorrected: false` is its `-C`. */
export function autocannonOpen(
  autocannon: InstalledPeer,
  load: OpenLoad,
  { isCorrected }: { isCorrected: boolean },
): Promise<Ran> {
  const { connections, ratePerSecond, warmUpSeconds = 0 } = load;
  const warmUp = ['--warmup', '[', '-c', `${connections}`, '-d', `${warmUpSeconds}`, ']'];
  return runAutocannon(autocannon, load, [
    `--connections=${connections}`,
    `--overallRate=${ratePerSecond}`,
    ...(warmUpSeconds === 0 ? [] : warmUp),
    ...(isCorrected ? [] : ['--ignoreCoordinatedOmission']),
  ]);
}

export function autocannonClosed(autocannon: InstalledPeer, load: ClosedLoad): Promise<Ran> {
  return runAutocannon(autocannon, load, [`--connections=${load.users}`]);
}

async function runAutocannon(
  { file }: InstalledPeer,
  load: { url: string; seconds: number },
  more: string[],
): Promise<Ran> {
  const args = ['--json', '--no-progress', `--duration=${load.seconds}`, ...more, load.url];
  const run = await runTool(file, args, { timeoutMs: timeoutFor(load) });
  return { report: readAutocannon(run.stdout), run };
}

const result = z.object({
  '2xx': z.int(),
  non2xx: z.int(),
  errors: z.int(),
  latency: z.object({ p50: z.number(), p99: z.number() }),
});

/** Reads its JSON, which has no P95; that of a warm-up stands on a line before. @throws Error for what is none, or holds failed requests */
export function readAutocannon(stdout: string): ToolReport {
  const [last = ''] = stdout.trim().split('\n').slice(-1);
  const read = result.safeParse(parseJson(last));
  if (!read.success)
    throw new Error(`autocannon's result is not understood: ${last.slice(0, 120)}`);
  const { '2xx': requests, non2xx, errors, latency } = read.data;
  refuseFailures(non2xx + errors, requests);
  return {
    requests,
    quantilesMs: { p50: latency.p50, p95: null, p99: latency.p99 },
    dropped: null,
  };
}
