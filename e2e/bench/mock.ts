import type { StartedProcess } from '../setup/startProcess.ts';
import {
  type BenchContext,
  type Benchmark,
  type Contender,
  type Goal,
  interleave,
  type Turns,
} from './benchmark.ts';
import { withProcess, withServer } from './servers/withServer.ts';
import {
  computeSpread,
  type Figure,
  formatCells,
  formatNumber,
  formatSpread,
  judgeGoal,
  pairByRound,
  ratioByRound,
} from './table.ts';
import { OURS } from './tools/ownTools.ts';
import { describeMissing, selectInstalled } from './tools/peers.ts';
import { readProcessCpuSeconds, runTool } from './tools/tool.ts';

const USERS = 50;
// V8 keeps compiling for the first 50,000 requests, and a bare server has less to compile.
const WARM_UP_SECONDS = 3;
const SECONDS = 3;
const DELAY = { ms: 50, ratePerSecond: 100, warmUpSeconds: 1, seconds: 6, connections: 100 };
const MIN_SHARE = 0.12;
const MAX_ADDED_MS = 2;

/** The call that SalesTalk makes to classify a question, unstreamed. */
const MODEL_PATH = '/api/generate';
const MODEL_REQUEST = JSON.stringify({
  model: 'llama3.2',
  prompt: 'Classify the question. Answer with one JSON object.\nQuestion: What is Q3 revenue?',
  stream: false,
});

export const mock: Benchmark = async (context) => {
  const throughput = await interleave(await throughputContenders(context), context);
  const delay = await interleave(delayContenders(), context);
  const [wrk] = selectInstalled(context.peers, ['wrk']);
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
          const [rate = '', cost = ''] = formatCells(server, [perSecond, perCpuSecond], 0);
          const ratio = (figure: Figure<Throughput>) =>
            at === 0 ? '' : formatSpread(ratioByRound(throughput[0], server, figure), 2);
          return [server.name, rate, ratio(perSecond), cost, ratio(perCpuSecond)];
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
          ...formatCells(server, [({ p99Ms }) => p99Ms, ({ p50Ms }) => p50Ms], 2),
        ]),
      },
    ],
    goals: [judgeThroughput(throughput), judgeDelay(delay)],
    notes: [
      `POST ${MODEL_PATH}, unstreamed; the bare server reads the request and answers the same bytes, node:http both. Throughput: ${wrk === undefined ? 'our closed model' : 'wrk'} with ${USERS} connections, ${SECONDS} s after ${WARM_UP_SECONDS} s thrown away. Delay: service time by our open model, ${DELAY.seconds} s after ${DELAY.warmUpSeconds} s thrown away, against a bare server with a timer.`,
      ...describeMissing(context.peers, ['wrk']),
    ],
  };
};

function judgeThroughput([own, bare]: Turns<Throughput>[]): Goal {
  const goal = `${MIN_SHARE * 100} % of the throughput of a bare server`;
  return judgeGoal(goal, [own, bare], ratioByRound(own, bare, perSecond), ({ median }) => ({
    isReached: median >= MIN_SHARE,
    found: `${formatNumber(median * 100, 1)} %`,
  }));
}

function judgeDelay([own, bare]: Turns<Added>[]): Goal {
  const goal = `P99 no more than ${MAX_ADDED_MS} ms above that of a bare timer`;
  const pairs = pairByRound(own, bare, ({ p99Ms }) => p99Ms);
  const above = computeSpread(pairs.map(([ownMs, bareMs]) => ownMs - bareMs));
  return judgeGoal(goal, [own, bare], above, (added) => ({
    isReached: added.median <= MAX_ADDED_MS,
    found: `${formatSpread(added, 2)} ms above`,
  }));
}

type Throughput = { perSecond: number; perCpuSecond: number | null };
const perSecond: Figure<Throughput> = (throughput) => throughput.perSecond;
const perCpuSecond: Figure<Throughput> = (throughput) => throughput.perCpuSecond;

async function throughputContenders({ peers }: BenchContext): Promise<Contender<Throughput>[]> {
  const [tool = OURS] = selectInstalled(peers, ['wrk']);
  const answer = await withMock([], ({ url }) => fetchAnswer(url));
  const sendFor = async (url: string, seconds: number): Promise<number> => {
    const load = { url: `${url}${MODEL_PATH}`, users: USERS, seconds, body: MODEL_REQUEST };
    return (await runTool(tool, load)).requests;
  };
  const measure = async ({ url, pid }: StartedProcess): Promise<Throughput> => {
    const readCpu = () => (pid === undefined ? null : readProcessCpuSeconds(pid));
    await sendFor(url, WARM_UP_SECONDS);
    const before = readCpu();
    const requests = await sendFor(url, SECONDS);
    const after = readCpu();
    return {
      perSecond: requests / SECONDS,
      perCpuSecond: before === null || after === null ? null : requests / (after - before),
    };
  };
  return [
    { name: 'AI mock', turn: () => withMock([], measure) },
    {
      name: 'bare server, same bytes',
      turn: () => withServer('sameBytes', { body: answer }, measure),
    },
  ];
}

/** @throws Error if the mock does not answer with status 200 */
async function fetchAnswer(url: string): Promise<string> {
  const response = await fetch(new URL(MODEL_PATH, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: MODEL_REQUEST,
  });
  if (response.status !== 200) throw new Error(`the AI mock answers ${response.status}`);
  return response.text();
}

/** Service times beyond the delay that was asked for. */
type Added = { p50Ms: number; p99Ms: number };

function delayContenders(): Contender<Added>[] {
  const measure = async ({ url }: StartedProcess): Promise<Added> => {
    const load = { ...DELAY, url: `${url}${MODEL_PATH}`, body: MODEL_REQUEST };
    const { p50, p99 } = (await runTool(OURS, load)).quantilesMs['service time'] ?? {};
    return { p50Ms: Number(p50) - DELAY.ms, p99Ms: Number(p99) - DELAY.ms };
  };
  return [
    { name: 'AI mock', turn: () => withMock([`--latency-ms=${DELAY.ms}`], measure) },
    {
      name: 'bare timer',
      turn: () =>
        withServer('delay', { delay: { kind: 'constant', ms: DELAY.ms }, seed: 1 }, measure),
    },
  ];
}

function withMock<T>(args: string[], use: (server: StartedProcess) => Promise<T>): Promise<T> {
  return withProcess('mocks/ai/main.ts', args, use);
}
