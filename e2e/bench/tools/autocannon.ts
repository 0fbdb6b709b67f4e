import { z } from 'zod';
import { parseJson } from '../../core/readJson.ts';
import type { Load, Peer } from './tool.ts';

/** By default it adds samples for coordinated omission. Its flag `-C` turns that off. */
export const autocannon: Peer = {
  name: 'autocannon',
  install: 'npm install -g autocannon',
  versionArgs: ['--version'],
  versionPattern: /^autocannon v(\S+)/m,
  command: (load, flags) => ({
    args: [
      ...['--json', '--no-progress', `--duration=${load.seconds}`],
      ...loadOptions(load),
      ...flags,
      load.url,
    ],
  }),
  read(stdout) {
    // The line before is the result of the warm-up.
    const read = result.safeParse(parseJson(stdout.trim().split('\n').at(-1) ?? ''));
    if (!read.success) return null;
    const { '2xx': requests, non2xx, errors, latency } = read.data;
    const quantilesMs = { '': { ...latency, p95: null } };
    return { requests, failed: non2xx + errors, dropped: null, quantilesMs };
  },
};

function loadOptions(load: Load): string[] {
  if ('users' in load) return [`--connections=${load.users}`];
  const { connections, ratePerSecond, warmUpSeconds = 0 } = load;
  const warmUp = ['--warmup', '[', '-c', `${connections}`, '-d', `${warmUpSeconds}`, ']'];
  return [
    `--connections=${connections}`,
    `--overallRate=${ratePerSecond}`,
    ...(warmUpSeconds === 0 ? [] : warmUp),
  ];
}

const result = z.object({
  '2xx': z.int(),
  non2xx: z.int(),
  errors: z.int(),
  latency: z.object({ p50: z.number(), p99: z.number() }),
});
