import type { Table } from '../../core/alignedTable.ts';
import type { BenchContext, Benchmark, Goal } from '../benchmark.ts';
import { type Contender, interleave, type Turns } from '../interleave.ts';
import { autocannonClosed } from '../peers/autocannon.ts';
import { notInstalled } from '../peers/findPeers.ts';
import { k6Closed, k6Open } from '../peers/k6.ts';
import { oursClosed, oursOpen } from '../peers/ours.ts';
import { wrkClosed } from '../peers/wrk.ts';
import type { ToolRun } from '../process/runTool.ts';
import { withServer } from '../process/withServer.ts';
import { cellsOf, failureOf } from '../table/cells.ts';
import { formatSpread, pairedRatios, spreadOf } from '../table/spread.ts';
import { profileOurs } from './profileOurs.ts';

const USERS = 50;
const RATE_PER_SECOND = 1000;
/** Enough for a moment in which the machine does nothing at all. */
const OPEN_CONNECTIONS = 400;
const SECONDS = 4;
const TIMES_K6 = 3;

type Cost = { requests: number; cpuSeconds: number };
type Load = { url: string; seconds: number };

/** Requests per CPU second of each client, against a server that has nothing to do. */
export const cost: Benchmark = async (context) => {
  const closed = await interleave(closedContenders(context), context);
  const open = await interleave(openContenders(context), context);
  const account = await withServer('plainServer.ts', [], ({ url }) =>
    profileOurs({ url, users: USERS, seconds: SECONDS }),
  );
  return {
    title: 'cost: requests per CPU second of the client',
    tables: [
      costTable(`${USERS} users who never pause`, closed),
      costTable(`${RATE_PER_SECOND.toLocaleString('en-US')}/s`, open),
      {
        head: ['where the CPU time of ours goes (closed)', 'share', 'most of it'],
        rows: account.map(({ place, share, hottest }) => [
          place,
          `${(share * 100).toFixed(1)} %`,
          hottest,
        ]),
      },
    ],
    goals: [
      judge(closed, 'k6', `${TIMES_K6} × k6`, TIMES_K6),
      judge(closed, 'autocannon', 'level with autocannon, within the spread', 1),
    ],
    notes: [
      `${SECONDS} s a turn. CPU time, user and system, of all threads of the client's process from its start to its end, as the kernel tells it (ours is a process like the others), against a server that answers 13 bytes unread. Whole requests ÷ CPU seconds; "ours ÷ it" round by round.`,
      ...notInstalled(context.peers, ['k6', 'autocannon', 'wrk']),
    ],
  };
};

function costTable(load: string, turns: Turns<Cost>[]): Table {
  const [ours] = turns;
  return {
    head: [load, 'requests per CPU second', 'ours ÷ it', 'requests per second'],
    rows: turns.map((tool) => {
      const [cost = '', rate = ''] = cellsOf(
        tool,
        [perCpuSecond, ({ requests }) => requests / SECONDS],
        0,
      );
      const ratio = tool === ours || ours === undefined ? '' : ratioCell(ours, tool);
      return [tool.name, cost, ratio, rate];
    }),
  };
}

function perCpuSecond({ requests, cpuSeconds }: Cost): number {
  return requests / cpuSeconds;
}

function ratiosOf(ours: Turns<Cost>, other: Turns<Cost>): number[] {
  const [own, theirs] = [ours, other].map(({ results }) =>
    results.map((result) => (result === null ? null : perCpuSecond(result))),
  );
  return pairedRatios(own ?? [], theirs ?? []);
}

function ratioCell(ours: Turns<Cost>, other: Turns<Cost>): string {
  const ratio = spreadOf(ratiosOf(ours, other));
  return ratio === null ? 'not told' : formatSpread(ratio, 2);
}

/** Level is reached where some round was: the spread of the ratio then holds 1. */
function judge(turns: Turns<Cost>[], name: string, goal: string, times: number): Goal {
  const [ours] = turns;
  const other = turns.find((tool) => tool.name === name);
  const isWhole = [ours, other].every((tool) => tool !== undefined && failureOf(tool) === null);
  const ratio = ours === undefined || other === undefined ? null : spreadOf(ratiosOf(ours, other));
  if (ratio === null || !isWhole) return { goal, isReached: null, found: 'not measured' };
  const isReached = times === 1 ? ratio.most >= 1 : ratio.median >= times;
  return { goal, isReached, found: `${formatSpread(ratio, 2)} × ${name}` };
}

function contender(
  name: string,
  run: (load: Load) => Promise<{ report: { requests: number }; run: ToolRun }>,
): Contender<Cost> {
  return {
    name,
    turn: () =>
      withServer('plainServer.ts', [], async ({ url }) => {
        const ran = await run({ url: `${url}/`, seconds: SECONDS });
        const { cpuSeconds } = ran.run;
        if (cpuSeconds === null) throw new Error('the system tells no CPU time of processes');
        return { requests: ran.report.requests, cpuSeconds };
      }),
  };
}

function closedContenders({ peers: { k6, autocannon, wrk } }: BenchContext): Contender<Cost>[] {
  const users = USERS;
  return [
    contender('ours', (load) => oursClosed({ ...load, users })),
    ...(k6 === null ? [] : [contender('k6', (load) => k6Closed(k6, { ...load, users }))]),
    ...(autocannon === null
      ? []
      : [contender('autocannon', (load) => autocannonClosed(autocannon, { ...load, users }))]),
    ...(wrk === null ? [] : [contender('wrk', (load) => wrkClosed(wrk, { ...load, users }))]),
  ];
}

/** autocannon is not among them: its rate comes in bursts of a second each, which is less work. */
function openContenders({ peers: { k6 } }: BenchContext): Contender<Cost>[] {
  const rate = { ratePerSecond: RATE_PER_SECOND, connections: OPEN_CONNECTIONS };
  return [
    contender('ours', (load) => oursOpen({ ...load, ...rate })),
    ...(k6 === null ? [] : [contender('k6', (load) => k6Open(k6, { ...load, ...rate }))]),
  ];
}
