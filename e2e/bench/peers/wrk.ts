import { fileURLToPath } from 'node:url';
import {
  type ClosedLoad,
  type InstalledPeer,
  type MeasuredLoad,
  refuseFailures,
  type ToolReport,
  timeoutFor,
} from './peers.ts';
import { runTool } from './runTool.ts';

/** Posts what BENCH_BODY holds. */
const POST_SCRIPT = fileURLToPath(new URL('wrkPost.lua', import.meta.url));

/** Closed: it knows no rate. On one thread, which here is more than a server on one thread can answer. */
export async function runWrkClosed(
  { file }: InstalledPeer,
  load: ClosedLoad & { body?: string },
): Promise<MeasuredLoad> {
  const { url, users, seconds, body } = load;
  const post = body === undefined ? [] : ['--script', POST_SCRIPT];
  const loadOptions = ['--threads=1', `--connections=${users}`, `--duration=${seconds}s`];
  const run = await runTool(file, [...loadOptions, ...post, '--latency', url], {
    timeoutMs: timeoutFor(load),
    ...(body === undefined ? {} : { variables: { BENCH_BODY: body } }),
  });
  return { report: readWrk(run.stdout), run };
}

/** Reads its text for people, which has no P95. @throws Error for another output, or for failed requests */
export function readWrk(stdout: string): ToolReport {
  const requests = Number(/^ *(\d{1,15}) requests in /m.exec(stdout)?.[1] ?? Number.NaN);
  if (Number.isNaN(requests))
    throw new Error(`wrk's output is not understood: ${stdout.slice(0, 120)}`);
  const non2xx = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? '0');
  const socketErrors = [...(/Socket errors: (.*)$/m.exec(stdout)?.[1] ?? '').matchAll(/\d+/g)];
  refuseFailures(
    socketErrors.reduce((sum, [count]) => sum + Number(count), non2xx),
    requests,
  );
  const quantile = (percent: string): number | null => {
    const found = new RegExp(`^\\s*${percent}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(stdout);
    return found === null ? null : Number(found[1]) * (MS_PER[found[2] ?? ''] ?? Number.NaN);
  };
  const quantilesMs = { p50: quantile('50'), p95: null, p99: quantile('99') };
  return { requests, quantilesMs, dropped: null };
}

const MS_PER: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
