import { z } from 'zod';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import { type BenchContext, type Benchmark, type Contender, interleave } from './benchmark.ts';
import { evenArrivals } from './clients/loadClient.ts';
import { runAutocannonOpen } from './peers/autocannon.ts';
import { runK6Open } from './peers/k6.ts';
import { runOwnClosed, runOwnOpen } from './peers/ownClients.ts';
import { ifInstalled, notInstalled, type OpenLoad, type ToolReport } from './peers/peers.ts';
import { readLog, withServer } from './servers/withServer.ts';
import { cellsOf, type Figure, formatNumber, judgeGoal, spreadOf, valuesOf } from './table.ts';

/** More connections than requests become due in the stall. */
const LOAD = { ratePerSecond: 100, seconds: 60, connections: 400 };
const STALL = { afterMs: 20_000, forMs: 3000 };
/** Together they send 100 requests a second, as long as answers take a millisecond. */
const CLOSED = { users: 10, thinkMs: 99 };
const TOLERANCE = 0.02;

type Reported = { p99Ms: number; requests: number; dropped: number | null };
type Reading = Reported & { idealMs: number };

const FIGURES: Figure<Reading>[] = [
  ({ p99Ms }) => p99Ms,
  ({ idealMs }) => idealMs,
  shareOfIdeal,
  ({ requests }) => requests,
  ({ dropped }) => dropped,
];

/** P99 that each tool reports of a server that stalls, beside that of the ideal open model. */
export const stall: Benchmark = async (context) => {
  const turns = await interleave(createContenders(context), context);
  const [ours] = turns;
  return {
    title: `stall: P99 of a server that stalls ${STALL.forMs / 1000} s in a minute`,
    tables: [
      {
        head: ['client', 'reported, ms', 'ideal, ms', 'reported ÷ ideal', 'requests', 'dropped'],
        rows: turns.map((tool) => [tool.name, ...cellsOf(tool, FIGURES, [0, 0, 3, 0, 0])]),
      },
    ],
    goals: [
      judgeGoal('ours within 2 % of the ideal', [ours], () => {
        const share = ours === undefined ? null : spreadOf(valuesOf(ours, shareOfIdeal));
        if (share === null) return null;
        const error = Math.max(Math.abs(share.least - 1), Math.abs(share.most - 1));
        return {
          isReached: error <= TOLERANCE,
          found: `${formatNumber(error * 100, 1)} % at most`,
        };
      }),
    ],
    notes: [
      `${LOAD.ratePerSecond}/s for ${LOAD.seconds} s; ideal: the same schedule, each request sent when it is due and answered 1 ms later, or at the end of the stall by the server's log. k6 and ours may have ${LOAD.connections} requests in flight; autocannon has ${LOAD.ratePerSecond} connections with one request a second each, the most that it takes at this rate.`,
      `The closed model (${CLOSED.users} users, ${CLOSED.thinkMs} ms of thought) is here for contrast: it is not meant to see the stall.`,
      ...notInstalled(context.peers, ['k6', 'autocannon']),
    ],
  };
};

function shareOfIdeal({ p99Ms, idealMs }: Reading): number {
  return p99Ms / idealMs;
}

function createContenders({ peers: { k6, autocannon } }: BenchContext): Contender<Reading>[] {
  const peer = (name: string, run: (load: OpenLoad) => Promise<{ report: ToolReport }>) =>
    contender(name, async (load) => {
      const { requests, dropped, quantilesMs } = (await run(load)).report;
      if (quantilesMs.p99 === null) throw new Error('it reports no P99');
      return { p99Ms: quantilesMs.p99, requests, dropped };
    });
  return [
    contender('ours, open', async (load) => {
      const { responseMs, requests, neverSent } = (await runOwnOpen(load)).report;
      return { p99Ms: responseMs.p99, requests, dropped: neverSent };
    }),
    ...ifInstalled(k6, (tool) =>
      peer('k6, constant-arrival-rate', (load) => runK6Open(tool, load)),
    ),
    ...ifInstalled(autocannon, (tool) =>
      peer('autocannon -R', (load) => runAutocannonOpen(tool, load, { isCorrected: true })),
    ),
    contender('ours, closed', async ({ url, seconds }) => {
      const { responseMs, requests } = (await runOwnClosed({ url, seconds, ...CLOSED })).report;
      return { p99Ms: responseMs.p99, requests, dropped: null };
    }),
  ];
}

/** It must have stalled, and the stall must be over. */
const log = z.object({ beganMs: z.number(), endedMs: z.number() });

function contender(
  name: string,
  measure: (load: OpenLoad) => Promise<Reported>,
): Contender<Reading> {
  const options = [`--stall-after-ms=${STALL.afterMs}`, `--stall-ms=${STALL.forMs}`];
  return {
    name,
    turn: () =>
      withServer('stall', options, async ({ url }) => {
        const reported = await measure({ url: `${url}/`, ...LOAD });
        const idealMs = idealQuantileMs({
          dueMs: evenArrivals(LOAD.ratePerSecond, LOAD.seconds),
          stall: log.parse(await readLog(url)),
          serviceMs: 1,
          quantile: 0.99,
        });
        return { ...reported, idealMs };
      }),
  };
}

/**
 * What an ideal open model would report, in ms: every request leaves when it is due; one that is due in the stall takes until its end,
 * all others take `serviceMs`.
 * @param options `stall` in ms from the first request
 */
export function idealQuantileMs(options: {
  dueMs: Iterable<number>;
  stall: { beganMs: number; endedMs: number };
  serviceMs: number;
  quantile: number;
}): number {
  const { dueMs, stall, serviceMs } = options;
  const latencies = Array.from(dueMs, (due) =>
    due >= stall.beganMs && due < stall.endedMs
      ? Math.max(stall.endedMs - due, serviceMs)
      : serviceMs,
  );
  return quantile(sortSample(latencies), options.quantile);
}
