import { z } from 'zod';
import type { BenchContext, Benchmark, Goal } from '../benchmark.ts';
import { evenArrivals } from '../clients/evenArrivals.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { autocannonOpen } from '../peers/autocannon.ts';
import { notInstalled } from '../peers/findPeers.ts';
import { k6Open } from '../peers/k6.ts';
import { oursClosed, oursOpen } from '../peers/ours.ts';
import type { OpenLoad } from '../peers/peer.ts';
import { readLog, withServer } from '../process/withServer.ts';
import { cellsOf, failureOf, valuesOf } from '../table/cells.ts';
import { formatNumber, spreadOf } from '../table/spread.ts';
import { idealQuantileMs } from './idealQuantile.ts';

const RATE_PER_SECOND = 100;
const SECONDS = 60;
const STALL = { afterMs: 20_000, forMs: 3000 };
/** More than become due in the stall. */
const CONNECTIONS = 400;
/** Together they ask 100 times a second, as long as answers take a millisecond. */
const CLOSED_USERS = 10;
const THINK_MS = 99;
const NEAR_SHARE = 0.02;
const OURS = 'ours, open';

type Told = { p99Ms: number; requests: number; dropped: number | null };
type Reading = Told & { idealMs: number };

const FIGURES: ((reading: Reading) => number | null)[] = [
  ({ p99Ms }) => p99Ms,
  ({ idealMs }) => idealMs,
  shareOf,
  ({ requests }) => requests,
  ({ dropped }) => dropped,
];
const DIGITS = [0, 0, 3, 0, 0];

/** P99 that each tool reports of a server that stalls, beside that of the ideal open model. */
export const stall: Benchmark = async (context) => {
  const turns = await interleave(contenders(context), context);
  return {
    title: `stall: P99 of a server that stalls ${STALL.forMs / 1000} s in a minute`,
    tables: [
      {
        head: ['client', 'reported, ms', 'ideal, ms', 'reported ÷ ideal', 'requests', 'dropped'],
        rows: turns.map((tool) => [tool.name, ...cellsOf(tool, FIGURES, DIGITS)]),
      },
    ],
    goals: [judge(turns)],
    notes: [
      `${RATE_PER_SECOND}/s for ${SECONDS} s; ideal: the same schedule, each request sent when it is due and answered 1 ms later, or at the end of the stall as the server noted it. k6 and ours may have ${CONNECTIONS} requests out; autocannon has ${RATE_PER_SECOND} connections with one request a second each, the most that it takes at this rate.`,
      `The closed model (${CLOSED_USERS} users, ${THINK_MS} ms of thought) stands here for contrast: it is not meant to see this.`,
      ...notInstalled(context.peers, ['k6', 'autocannon']),
    ],
  };
};

function shareOf({ p99Ms, idealMs }: Reading): number {
  return p99Ms / idealMs;
}

function judge(turns: Turns<Reading>[]): Goal {
  const goal = 'ours within 2 % of the ideal';
  const ours = turns.find(({ name }) => name === OURS);
  const share = ours === undefined ? null : spreadOf(valuesOf(ours, shareOf));
  if (ours === undefined || share === null || failureOf(ours) !== null) {
    return { goal, isReached: null, found: 'not measured' };
  }
  const off = Math.max(Math.abs(share.least - 1), Math.abs(share.most - 1));
  return { goal, isReached: off <= NEAR_SHARE, found: `${formatNumber(off * 100, 1)} % at most` };
}

function contenders({ peers }: BenchContext): Contender<Reading>[] {
  const { k6, autocannon } = peers;
  return [
    contender(OURS, async (load) => {
      const { report } = await oursOpen(load);
      return { p99Ms: report.responseMs.p99, requests: report.requests, dropped: report.neverSent };
    }),
    ...(k6 === null
      ? []
      : [
          contender('k6, constant-arrival-rate', async (load) =>
            told((await k6Open(k6, load)).report),
          ),
        ]),
    ...(autocannon === null
      ? []
      : [
          contender('autocannon -R', async (load) =>
            told((await autocannonOpen(autocannon, load, { isCorrected: true })).report),
          ),
        ]),
    contender('ours, closed', async ({ url, seconds }) => {
      const { report } = await oursClosed({ url, seconds, users: CLOSED_USERS, thinkMs: THINK_MS });
      return { p99Ms: report.responseMs.p99, requests: report.requests, dropped: null };
    }),
  ];
}

function told(report: {
  quantilesMs: { p99: number | null };
  requests: number;
  dropped: number | null;
}): Told {
  const { p99 } = report.quantilesMs;
  if (p99 === null) throw new Error('it tells no P99');
  return { p99Ms: p99, requests: report.requests, dropped: report.dropped };
}

function contender(name: string, measure: (load: OpenLoad) => Promise<Told>): Contender<Reading> {
  const args = [`--stall-after-ms=${STALL.afterMs}`, `--stall-ms=${STALL.forMs}`];
  const load = { ratePerSecond: RATE_PER_SECOND, seconds: SECONDS, connections: CONNECTIONS };
  return {
    name,
    turn: () =>
      withServer('stallServer.ts', args, async ({ url }) => {
        const reading = await measure({ url: `${url}/`, ...load });
        const noted = log.parse(await readLog(url));
        const dueMs = evenArrivals(RATE_PER_SECOND, SECONDS);
        return {
          ...reading,
          idealMs: idealQuantileMs({ dueMs, stall: noted, serviceMs: 1, quantile: 0.99 }),
        };
      }),
  };
}

/** It must have stalled, and the stall must be over. */
const log = z.object({ beganMs: z.number(), endedMs: z.number() });
