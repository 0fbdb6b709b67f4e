import { fileURLToPath } from 'node:url';
import type { Peer } from './tool.ts';

/** Posts what BENCH_BODY holds. */
const POST_SCRIPT = fileURLToPath(new URL('wrkPost.lua', import.meta.url));

/** One thread sends more than a server on one thread can answer. */
export const wrk: Peer = {
  name: 'wrk',
  install: 'apt install wrk',
  versionArgs: ['-v'],
  versionPattern: /^wrk (\S+)/m,
  command(load) {
    if (!('users' in load)) throw new Error('wrk cannot send at a constant rate');
    const { url, users, seconds, body } = load;
    const options = ['--threads=1', `--connections=${users}`, `--duration=${seconds}s`];
    return body === undefined
      ? { args: [...options, '--latency', url] }
      : {
          args: [...options, '--script', POST_SCRIPT, '--latency', url],
          variables: { BENCH_BODY: body },
        };
  },
  read(stdout) {
    const requests = Number(/^ *(\d{1,15}) requests in /m.exec(stdout)?.[1] ?? Number.NaN);
    if (Number.isNaN(requests)) return null;
    const non2xx = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? '0');
    const socketErrors = [...(/Socket errors: (.*)$/m.exec(stdout)?.[1] ?? '').matchAll(/\d+/g)];
    const failed = socketErrors.reduce((sum, [count]) => sum + Number(count), non2xx);
    const quantile = (percent: string): number | null => {
      const found = new RegExp(`^\\s*${percent}%\\s+([\\d.]+)(us|ms|s|m)$`, 'm').exec(stdout);
      return found === null ? null : Number(found[1]) * (MS_PER[found[2] ?? ''] ?? Number.NaN);
    };
    const quantilesMs = { '': { p50: quantile('50'), p95: null, p99: quantile('99') } };
    return { requests, failed, dropped: null, quantilesMs };
  },
};

const MS_PER: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
