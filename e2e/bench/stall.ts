import { z } from 'zod';
import { quantile, sortSample } from '../core/statistics/quantile.ts';
import { type BenchContext, type Benchmark, type Contender, interleave } from './benchmark.ts';
import { readLog, withServer } from './servers/withServer.ts';
import {
  collectValues,
  computeSpread,
  type Figure,
  formatCells,
  formatNumber,
  judgeGoal,
} from './table.ts';
import { OURS } from './tools/ownTools.ts';
import { describeMissing, selectInstalled } from './tools/peers.ts';
import { evenArrivals } from './tools/sending.ts';
import { type ClosedLoad, type OpenLoad, runTool, type Tool } from './tools/tool.ts';

/** More connections than requests become due in the stall. */
const LOAD = { ratePerSecond: 100, seconds: 60, connections: 400 };
const STALL = { afterMs: 20_000, forMs: 3000 };
/** They send 100 requests a second in all while answers take a millisecond. */
const CLOSED = { users: 10, thinkMs: 99 };
const TOLERANCE = 0.02;

type Reading = { p99Ms: number; requests: number; dropped: number | null; idealMs: number };

const FIGURES: Figure<Reading>[] = [
  ({ p99Ms }) => p99Ms,
  ({ idealMs }) => idealMs,
  shareOfIdeal,
  ({ requests }) => requests,
  ({ dropped }) => dropped,
];

export const stall: Benchmark = async (context) => {
  const turns = await interleave(createContenders(context), context);
  const [ours] = turns;
  const shares = ours === undefined ? [] : collectValues(ours, shareOfIdeal);
  const errors = shares.map((share) => Math.abs(share - 1));
  return {
    title: `stall: P99 of a server that stalls ${STALL.forMs / 1000} s in a minute`,
    tables: [
      {
        head: ['client', 'reported, ms', 'ideal, ms', 'reported ÷ ideal', 'requests', 'dropped'],
        rows: turns.map((tool) => [tool.name, ...formatCells(tool, FIGURES, [0, 0, 3, 0, 0])]),
      },
    ],
    goals: [
      judgeGoal('ours within 2 % of the ideal', [ours], computeSpread(errors), ({ most }) => ({
        isReached: most <= TOLERANCE,
        found: `${formatNumber(most * 100, 1)} % at most`,
      })),
    ],
    notes: [
      `${LOAD.ratePerSecond}/s for ${LOAD.seconds} s; ideal: the same schedule, each request sent when it is due and answered 1 ms later, or at the end of the stall by the server's log. k6 and ours may have ${LOAD.connections} requests in flight; autocannon has ${LOAD.ratePerSecond} connections with one request a second each, the most that it takes at this rate.`,
      `The closed model (${CLOSED.users} users, ${CLOSED.thinkMs} ms of thought) is here for contrast: it is not meant to see the stall.`,
      ...describeMissing(context.peers, ['k6', 'autocannon']),
    ],
  };
};

function shareOfIdeal({ p99Ms, idealMs }: Reading): number {
  return p99Ms / idealMs;
}

function createContenders({ peers }: BenchContext): Contender<Reading>[] {
  return [
    contender('ours, open', OURS, LOAD),
    ...selectInstalled(peers, ['k6']).map((k6) => contender('k6, constant-arrival-rate', k6, LOAD)),
    ...selectInstalled(peers, ['autocannon']).map((tool) => contender('autocannon -R', tool, LOAD)),
    contender('ours, closed', OURS, { ...CLOSED, seconds: LOAD.seconds }),
  ];
}

/** Invalid if the server has not stalled or the stall is not over. */
const log = z.object({ beganMs: z.number(), endedMs: z.number() });

function contender(
  name: string,
  tool: Tool,
  load: Omit<OpenLoad, 'url'> | Omit<ClosedLoad, 'url'>,
): Contender<Reading> {
  return {
    name,
    turn: () =>
      withServer('stall', STALL, async ({ url }) => {
        const report = await runTool(tool, { ...load, url: `${url}/` });
        const { requests, dropped, quantilesMs } = report;
        // Ours times in two ways, response time first.
        const [p99Ms = null] = Object.values(quantilesMs).map(({ p99 }) => p99);
        if (p99Ms === null) throw new Error('it reports no P99');
        const idealMs = idealQuantileMs({
          dueMs: evenArrivals(LOAD.ratePerSecond, LOAD.seconds),
          stall: log.parse(await readLog(url)),
          serviceMs: 1,
          quantile: 0.99,
        });
        return { p99Ms, requests, dropped, idealMs };
      }),
  };
}

/** The quantile of an ideal open model: a request that is due in the stall (in ms from the first one) ends with it, any other takes `serviceMs`. */
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
