import { Buffer } from 'node:buffer';
import { startProcess } from '../../fixtures/startProcess.ts';
import type { BenchContext, Benchmark, Goal } from '../benchmark.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { notInstalled } from '../peers/findPeers.ts';
import { oursClosed, oursOpen } from '../peers/ours.ts';
import { wrkClosed } from '../peers/wrk.ts';
import { withServer } from '../process/withServer.ts';
import { cellOf, cellsOf, failureOf } from '../table/cells.ts';
import { formatNumber, formatSpread, pairedRatios, spreadOf } from '../table/spread.ts';
import { answerOf, MODEL_PATH, MODEL_REQUEST } from './modelRequest.ts';

const USERS = 50;
const WARM_UP_SECONDS = 1;
const SECONDS = 3;
const DELAY = { ms: 50, ratePerSecond: 100, warmUpSeconds: 1, seconds: 6, connections: 100 };
const LEAST_SHARE = 0.3;
const MOST_ADDED_MS = 2;

/** The AI mock beside servers that do nothing but what it cannot do without. */
export const mock: Benchmark = async (context) => {
  const throughput = await interleave(await throughputContenders(context), context);
  const delay = await interleave(delayContenders(), context);
  const share = ratio(throughput);
  return {
    title: 'mock: the AI mock beside a bare HTTP server',
    tables: [
      {
        head: ['server', 'requests per second', 'mock ÷ it'],
        rows: throughput.map((server, at) => [
          server.name,
          cellOf(server, (perSecond) => perSecond, 0),
          at === 0 || share === null ? '' : formatSpread(share, 2),
        ]),
      },
      {
        head: [
          `${DELAY.ms} ms at ${DELAY.ratePerSecond}/s`,
          'P99 − 50 ms, in ms',
          'P50 − 50 ms, in ms',
        ],
        rows: delay.map((server) => [
          server.name,
          ...cellsOf(server, [({ p99 }) => p99 - DELAY.ms, ({ p50 }) => p50 - DELAY.ms], 2),
        ]),
      },
    ],
    goals: [judgeShare(throughput), judgeDelay(delay)],
    notes: [
      `POST ${MODEL_PATH}, unstreamed; the bare server reads the request and answers the same bytes, node:http both. Throughput: ${context.peers.wrk === null ? 'our closed model' : 'wrk'} with ${USERS} connections, ${SECONDS} s after ${WARM_UP_SECONDS} s thrown away. Delay: service time by our open model, ${DELAY.seconds} s after ${DELAY.warmUpSeconds} s thrown away, against a bare server with a timer.`,
      ...notInstalled(context.peers, ['wrk']),
    ],
  };
};

/** Of the mock to the bare server, round by round. */
function ratio([own, bare]: Turns<number>[]) {
  return own === undefined || bare === undefined
    ? null
    : spreadOf(pairedRatios(own.results, bare.results));
}

function judgeShare(turns: Turns<number>[]): Goal {
  const goal = '30 % of the throughput, 50 % if it can be had';
  const share = ratio(turns);
  if (share === null || turns.some((server) => failureOf(server) !== null)) {
    return { goal, isReached: null, found: 'not measured' };
  }
  return {
    goal,
    isReached: share.median >= LEAST_SHARE,
    found: `${formatNumber(share.median * 100, 0)} %`,
  };
}

type Delayed = { p50: number; p99: number };

function judgeDelay(turns: Turns<Delayed>[]): Goal {
  const goal = `P99 no more than ${MOST_ADDED_MS} ms above that of a bare timer`;
  const [own, bare] = turns;
  const added = (own?.results ?? []).flatMap((result, round) => {
    const other = bare?.results[round] ?? null;
    return result === null || other === null ? [] : [result.p99 - other.p99];
  });
  const spread = spreadOf(added);
  if (spread === null || turns.some((server) => failureOf(server) !== null)) {
    return { goal, isReached: null, found: 'not measured' };
  }
  return {
    goal,
    isReached: spread.median <= MOST_ADDED_MS,
    found: `${formatSpread(spread, 2)} ms above`,
  };
}

async function throughputContenders({ peers }: BenchContext): Promise<Contender<number>[]> {
  const bytes = await withMock([], answerOf);
  const body = Buffer.from(bytes).toString('base64');
  const { wrk } = peers;
  const drive = async (url: string, seconds: number): Promise<number> => {
    const load = { url: `${url}${MODEL_PATH}`, users: USERS, seconds, body: MODEL_REQUEST };
    const { report } = await (wrk === null ? oursClosed(load) : wrkClosed(wrk, load));
    return report.requests / seconds;
  };
  const warmed = async (url: string): Promise<number> => {
    await drive(url, WARM_UP_SECONDS);
    return drive(url, SECONDS);
  };
  return [
    { name: 'AI mock', turn: () => withMock([], warmed) },
    {
      name: 'bare server, same bytes',
      turn: () =>
        withServer('sameBytesServer.ts', [`--body-base64=${body}`], ({ url }) => warmed(url)),
    },
  ];
}

function delayContenders(): Contender<Delayed>[] {
  const measure = async (url: string): Promise<Delayed> => {
    const { report } = await oursOpen({
      ...DELAY,
      url: `${url}${MODEL_PATH}`,
      body: MODEL_REQUEST,
    });
    return report.serviceMs;
  };
  return [
    { name: 'AI mock', turn: () => withMock([`--latency-ms=${DELAY.ms}`], measure) },
    {
      name: 'bare timer',
      turn: () =>
        withServer('delayServer.ts', [`--delay=constant:${DELAY.ms}`], ({ url }) => measure(url)),
    },
  ];
}

async function withMock<T>(args: string[], use: (url: string) => Promise<T>): Promise<T> {
  const server = await startProcess('mocks/ai/main.ts', args, {});
  try {
    return await use(server.url);
  } finally {
    await server.stop();
  }
}
