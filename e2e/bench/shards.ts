import { type Benchmark, type Contender, interleave } from './benchmark.ts';
import { withServer } from './servers/withServer.ts';
import { type Figure, formatCells, formatSpread, judgeGoal, ratioByRound } from './table.ts';
import { OURS } from './tools/ownTools.ts';
import { runTool } from './tools/tool.ts';

const SECONDS = 4;
const RATE_OF_A_MACHINE = 500;
/** One for each request, so that none is lost to a machine that is busy with other work. */
const CONNECTIONS = RATE_OF_A_MACHINE * SECONDS;
const SHARDS = 3;
const LEAST_RATIO = 0.9;

type Cost = { requests: number; cpuSeconds: number };

const perCpuSecond: Figure<Cost> = ({ requests, cpuSeconds }) => requests / cpuSeconds;

/** What it costs a machine that it offers a part of a schedule, all of which it goes through. */
export const shards: Benchmark = async (context) => {
  const turns = await interleave(
    [createContender('one machine', 1), createContender(`${SHARDS} shards`, SHARDS)],
    context,
  );
  const [one, several] = turns;
  const ratio = ratioByRound(several, one, perCpuSecond);
  return {
    title: 'shards: requests per CPU second of three shards against one machine',
    tables: [
      {
        head: ['load', 'requests per CPU second', 'it ÷ one machine'],
        rows: turns.map((turn) => [
          turn.name,
          ...formatCells(turn, [perCpuSecond], 0),
          turn === one ? '' : formatSpread(ratio, 2),
        ]),
      },
    ],
    goals: [
      judgeGoal(`${SHARDS} shards ≥ ${LEAST_RATIO} of one machine`, turns, ratio, ({ median }) => ({
        isReached: median >= LEAST_RATIO,
        found: formatSpread(ratio, 2),
      })),
    ],
    notes: [
      `${RATE_OF_A_MACHINE.toLocaleString('en-US')}/s of each machine for ${SECONDS} s, Poisson: ${SHARDS} shards are ${SHARDS} processes that offer ${SHARDS} times the rate together, one after the other, as machines that share no core. CPU time as of cost, the start of each process included.`,
    ],
  };
};

function createContender(name: string, of: number): Contender<Cost> {
  const ratePerSecond = RATE_OF_A_MACHINE * of;
  return {
    name,
    turn: () =>
      withServer('plain', {}, async ({ url }) => {
        const all: Cost = { requests: 0, cpuSeconds: 0 };
        for (let index = 1; index <= of; index++) {
          const rest = { ratePerSecond, seconds: SECONDS, connections: CONNECTIONS };
          const shard = { url: `${url}/`, segment: { index, of }, ...rest };
          const { requests, cpuSeconds } = await runTool(OURS, shard);
          if (cpuSeconds === null) throw new Error('the system reports no CPU time of processes');
          all.requests += requests;
          all.cpuSeconds += cpuSeconds;
        }
        return all;
      }),
  };
}
