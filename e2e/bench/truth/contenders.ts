import { z } from 'zod';
import type { BenchContext } from '../benchmark.ts';
import type { Contender } from '../interleave.ts';
import { autocannonOpen } from '../peers/autocannon.ts';
import { k6Open } from '../peers/k6.ts';
import { oursOpen } from '../peers/ours.ts';
import type { OpenLoad } from '../peers/peer.ts';
import { playwrightOpen } from '../peers/playwright.ts';
import { readLog, withServer } from '../process/withServer.ts';
import { type Delay, formatDelay } from '../servers/delay.ts';
import { OURS } from './judgeTruth.ts';
import { type QuantileErrors, type QuantileName, quantileErrors } from './quantileErrors.ts';

/** What each tool sends. As many connections as autocannon takes at this rate: enough for a second without an answer. */
export const LOAD = { ratePerSecond: 100, warmUpSeconds: 2, seconds: 6, connections: 100 };

/** A tool may be read in more than one way; what each came to, by name. */
export type Readings = Record<string, QuantileErrors>;

/** What a tool told: of how many requests, and by each way of reading it. */
type Told = { requests: number; readings: Record<string, Record<QuantileName, number | null>> };

/** Every tool, on a server with this delay. */
export function contendersFor(delay: Delay, { peers }: BenchContext): Contender<Readings>[] {
  const { k6, autocannon } = peers;
  const contender = (
    name: string,
    measure: (load: OpenLoad) => Promise<Told>,
  ): Contender<Readings> => ({
    name,
    turn: (round) =>
      withServer(
        'delayServer.ts',
        [`--delay=${formatDelay(delay)}`, `--seed=${round + 1}`],
        async ({ url }) => {
          const { requests, readings } = await measure({ ...LOAD, url: `${url}/` });
          const serviceMs = lastOf(log.parse(await readLog(url)).serviceMs, requests);
          return Object.fromEntries(
            Object.entries(readings).map(([client, ms]) => [client, quantileErrors(ms, serviceMs)]),
          );
        },
      ),
  });
  const single = (
    name: string,
    run: (load: OpenLoad) => Promise<{
      report: { requests: number; quantilesMs: Record<QuantileName, number | null> };
    }>,
  ): Contender<Readings> =>
    contender(name, async (load) => {
      const { requests, quantilesMs } = (await run(load)).report;
      return { requests, readings: { [name]: quantilesMs } };
    });
  return [
    contender('ours', async (load) => {
      const { requests, responseMs, serviceMs } = (await oursOpen(load)).report;
      return { requests, readings: { [OURS]: responseMs, 'ours, service time': serviceMs } };
    }),
    ...(k6 === null ? [] : [single('k6, http_req_duration', (load) => k6Open(k6, load))]),
    ...(autocannon === null
      ? []
      : // Its default once, to show what it does; it takes as long as the others.
        (delay.kind === 'constant' ? [false, true] : [false]).map((isCorrected) =>
          single(`autocannon -R${isCorrected ? '' : ' -C'}`, (load) =>
            autocannonOpen(autocannon, load, { isCorrected }),
          ),
        )),
    contender('Playwright', async (load) => {
      const { requests, wallMs, toldMs } = await playwrightOpen(load);
      const readings = { 'Playwright, clock around it': wallMs, 'Playwright, timing()': toldMs };
      return { requests, readings };
    }),
  ];
}

/** What was thrown away came first; what was not answered, nobody counts. @throws Error where the server knows of fewer */
function lastOf(serviceMs: readonly (number | null)[], count: number): number[] {
  const answered = serviceMs.filter((ms) => ms !== null);
  if (answered.length < count) {
    throw new Error(`${count} requests were counted, and the server knows of ${answered.length}`);
  }
  return answered.slice(-count);
}

const log = z.object({ serviceMs: z.array(z.number().nullable()) });
