import { Buffer } from 'node:buffer';
import { type StartedProcess, startProcess } from '../../setup/startProcess.ts';
import type { BenchContext, Benchmark, Goal } from '../benchmark.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { notInstalled } from '../peers/findPeers.ts';
import { oursClosed, oursOpen } from '../peers/ours.ts';
import { wrkClosed } from '../peers/wrk.ts';
import { cpuSecondsOf } from '../process/cpuSeconds.ts';
import { withServer } from '../process/withServer.ts';
import { cellsOf, failureOf } from '../table/cells.ts';
import {
  formatNumber,
  formatSpread,
  pairedRatios,
  type Spread,
  spreadOf,
} from '../table/spread.ts';
import { answerOf, MODEL_PATH, MODEL_REQUEST } from './modelRequest.ts';

const USERS = 50;
// V8 goes on compiling for the first 50,000 requests; a bare server has less to compile.
const WARM_UP_SECONDS = 3;
const SECONDS = 3;
const DELAY = { ms: 50, ratePerSecond: 100, warmUpSeconds: 1, seconds: 6, connections: 100 };
const LEAST_SHARE = 0.3;
const MOST_ADDED_MS = 2;

/** The AI mock beside servers that do nothing but what it cannot do without. */
export const mock: Benchmark = async (context) => {
  const throughput = await interleave(await throughputContenders(context), context);
  const delay = await interleave(delayContenders(), context);
  return {
    title: 'mock: the AI mock beside a bare HTTP server',
    tables: [
      {
        head: [
          'server',
          'requests per second',
          'mock ÷ it',
          'requests per CPU second of the server',
          'mock ÷ it',
        ],
        rows: throughput.map((server, at) => {
          const [rate = '', cost = ''] = cellsOf(server, [perSecond, perCpuSecond], 0);
          const shareOf = (figure: typeof perSecond) =>
            at === 0 ? '' : shareCell(shareBy(throughput, figure));
          return [server.name, rate, shareOf(perSecond), cost, shareOf(perCpuSecond)];
        }),
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

type Served = { perSecond: number; perCpuSecond: number | null };

const perSecond = (served: Served): number | null => served.perSecond;
const perCpuSecond = (served: Served): number | null => served.perCpuSecond;

/** Of the mock to the bare server, round by round. */
function shareBy([own, bare]: Turns<Served>[], figure: typeof perSecond): Spread | null {
  const [above, below] = [own, bare].map((turns) =>
    (turns?.results ?? []).map((served) => (served === null ? null : figure(served))),
  );
  return spreadOf(pairedRatios(above ?? [], below ?? []));
}

function shareCell(share: Spread | null): string {
  return share === null ? 'not told' : formatSpread(share, 2);
}

function judgeShare(turns: Turns<Served>[]): Goal {
  const goal = '30 % of the throughput, 50 % if it can be had';
  const share = shareBy(turns, perSecond);
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

async function throughputContenders({ peers }: BenchContext): Promise<Contender<Served>[]> {
  const bytes = await withMock([], ({ url }) => answerOf(url));
  const body = Buffer.from(bytes).toString('base64');
  const { wrk } = peers;
  const drive = async (url: string, seconds: number): Promise<number> => {
    const load = { url: `${url}${MODEL_PATH}`, users: USERS, seconds, body: MODEL_REQUEST };
    const { report } = await (wrk === null ? oursClosed(load) : wrkClosed(wrk, load));
    return report.requests / seconds;
  };
  const warmed = async ({ url, pid }: StartedProcess): Promise<Served> => {
    await drive(url, WARM_UP_SECONDS);
    const before = pid === undefined ? null : cpuSecondsOf(pid);
    const rate = await drive(url, SECONDS);
    const after = pid === undefined ? null : cpuSecondsOf(pid);
    const cpuSeconds = before === null || after === null ? null : after - before;
    return {
      perSecond: rate,
      perCpuSecond: cpuSeconds === null ? null : (rate * SECONDS) / cpuSeconds,
    };
  };
  return [
    { name: 'AI mock', turn: () => withMock([], warmed) },
    {
      name: 'bare server, same bytes',
      turn: () => withServer('sameBytesServer.ts', [`--body-base64=${body}`], warmed),
    },
  ];
}

function delayContenders(): Contender<Delayed>[] {
  const measure = async ({ url }: StartedProcess): Promise<Delayed> => {
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
      turn: () => withServer('delayServer.ts', [`--delay=constant:${DELAY.ms}`], measure),
    },
  ];
}

async function withMock<T>(
  args: string[],
  use: (server: StartedProcess) => Promise<T>,
): Promise<T> {
  const server = await startProcess('mocks/ai/main.ts', args, {});
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}
