import { z } from 'zod';
import { parseJson } from '../../core/parseJson.ts';
import { runClient } from '../process/runClient.ts';
import { type OpenLoad, timeoutFor } from './peer.ts';

const quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
const report = z.object({
  requests: z.int(),
  /** By a clock around it. */
  wallMs: quantiles,
  /** By `APIResponse.timing()`. */
  toldMs: quantiles,
});

/** Its request context, on our schedule since it has none. */
export async function playwrightOpen(
  load: Omit<OpenLoad, 'connections'>,
): Promise<z.infer<typeof report>> {
  const { url, ratePerSecond: rate, seconds, warmUpSeconds = 0 } = load;
  const args = { url, rate, seconds, 'warm-up-seconds': warmUpSeconds };
  const run = await runClient('playwrightLoad.ts', args, { timeoutMs: timeoutFor(load) });
  return report.parse(parseJson(run.stdout));
}
