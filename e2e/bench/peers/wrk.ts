import { fileURLToPath } from 'node:url';
import { runTool } from '../process/runTool.ts';
import {
  type ClosedLoad,
  type InstalledPeer,
  type Peer,
  type Ran,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peer.ts';

export const WRK: Peer = {
  name: 'wrk',
  install: 'apt install wrk',
  versionArgs: ['-v'],
  // It takes its own -v for a mistake.
  versionStatus: 1,
  versionIn: (said) => /^wrk (\S+)/m.exec(said)?.[1] ?? null,
};

/** Posts what BENCH_BODY holds. */
const POST_SCRIPT = fileURLToPath(new URL('wrkPost.lua', import.meta.url));

/** Closed: it knows no rate. On one thread, which here is more than a server on one thread can answer. */
export async function wrkClosed(
  { file }: InstalledPeer,
  load: ClosedLoad & { body?: string },
): Promise<Ran> {
  const { url, users, seconds, body } = load;
  const post = body === undefined ? [] : ['--script', POST_SCRIPT];
  const args = [
    '--threads',
    '1',
    '--connections',
    `${users}`,
    '--duration',
    `${seconds}s`,
    ...post,
  ];
  const run = await runTool(file, [...args, '--latency', url], {
    timeoutMs: timeoutFor(load),
    ...(body === undefined ? {} : { variables: { BENCH_BODY: body } }),
  });
  return { report: readWrk(run.stdout), run };
}

/** Reads what it prints for people. It tells no P95. @throws Error for what is none, or holds failed requests */
export function readWrk(stdout: string): ToolReport {
  const requests = /^ *(\d{1,15}) requests in /m.exec(stdout)?.[1];
  if (requests === undefined)
    throw new Error(`wrk's output is not understood: ${stdout.slice(0, 120)}`);
  const non2xx = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? '0');
  const socketErrors = [...(/Socket errors: (.*)$/m.exec(stdout)?.[1] ?? '').matchAll(/\d+/g)];
  const failed = socketErrors.reduce((sum, [count]) => sum + Number(count), non2xx);
  refuseFailures(failed, Number(requests));
  const quantile = (percent: string): number | null => {
    const found = new RegExp(`^\\s*${percent}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(stdout);
    return found === null ? null : Number(found[1]) * (MS_PER[found[2] ?? ''] ?? Number.NaN);
  };
  return {
    requests: Number(requests),
    quantilesMs: { p50: quantile('50'), p95: null, p99: quantile('99') },
    dropped: null,
  };
}

const MS_PER: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
