import { mkdtempDisposableSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Table } from '../core/table.ts';
import { type CpuProfile, type ProfileNode, selfTimes } from '../probes/page/recordCpuProfile.ts';
import { type Benchmark, type Contender, type Goal, interleave, type Turns } from './benchmark.ts';
import { withServer } from './servers/withServer.ts';
import { formatCells, formatPercent, formatSpread, judgeGoal, ratioByRound } from './table.ts';
import { OURS } from './tools/ownTools.ts';
import { describeMissing, selectInstalled } from './tools/peers.ts';
import { type ClosedLoad, type OpenLoad, type PeerName, runTool, type Tool } from './tools/tool.ts';

const SECONDS = 4;
const CLOSED = { users: 50, seconds: SECONDS };
/** Enough connections for a short pause of the machine. */
const OPEN = { ratePerSecond: 1000, connections: 400, seconds: SECONDS };

type Cost = { requests: number; cpuSeconds: number };

const perCpuSecond = ({ requests, cpuSeconds }: Cost): number => requests / cpuSeconds;

/** Requests per CPU second of each client, against a server that has nothing to do. */
export const cost: Benchmark = async (context) => {
  const createContenders = (load: CostLoad, peers: PeerName[]) =>
    [OURS, ...selectInstalled(context.peers, peers)].map((tool) => createContender(tool, load));
  const closed = await interleave(createContenders(CLOSED, ['k6', 'autocannon', 'wrk']), context);
  // Without autocannon: its rate comes in bursts of a second each, which is less work.
  const open = await interleave(createContenders(OPEN, ['k6']), context);
  const account = await withServer('plain', {}, ({ url }) => profileOurs({ ...CLOSED, url }));
  return {
    title: 'cost: requests per CPU second of the client',
    tables: [
      costTable(`${CLOSED.users} users who never pause`, closed),
      costTable(`${OPEN.ratePerSecond.toLocaleString('en-US')}/s`, open),
      {
        head: ['where the CPU time of ours goes (closed)', 'share', 'most of it'],
        rows: account.map(({ place, share, hottest }) => [place, formatPercent(share), hottest]),
      },
    ],
    goals: [
      judgeRatio(closed, 'k6', '3 × k6', ({ median }) => median >= 3),
      // Level if the ratio reached 1 in some round.
      judgeRatio(
        closed,
        'autocannon',
        'level with autocannon, within the spread',
        ({ most }) => most >= 1,
      ),
    ],
    notes: [
      `${SECONDS} s a turn. CPU time, user and system, of all threads of the client's process from its start to its end, by the kernel (ours is a process like the others), against a server that answers 13 bytes unread. Whole requests ÷ CPU seconds; "ours ÷ it" round by round.`,
      ...describeMissing(context.peers, ['k6', 'autocannon', 'wrk']),
    ],
  };
};

function costTable(load: string, turns: Turns<Cost>[]): Table {
  const [ours] = turns;
  return {
    head: [load, 'requests per CPU second', 'ours ÷ it', 'requests per second'],
    rows: turns.map((tool) => {
      const figures = [perCpuSecond, ({ requests }: Cost) => requests / SECONDS];
      const [cost = '', rate = ''] = formatCells(tool, figures, 0);
      const ratio = tool === ours ? '' : formatSpread(ratioByRound(ours, tool, perCpuSecond), 2);
      return [tool.name, cost, ratio, rate];
    }),
  };
}

function judgeRatio(
  turns: Turns<Cost>[],
  peer: string,
  goal: string,
  isReached: (ratio: { median: number; most: number }) => boolean,
): Goal {
  const [ours] = turns;
  const other = turns.find(({ name }) => name === peer);
  return judgeGoal(goal, [ours, other], ratioByRound(ours, other, perCpuSecond), (ratio) => ({
    isReached: isReached(ratio),
    found: `${formatSpread(ratio, 2)} × ${peer}`,
  }));
}

type CostLoad = Omit<OpenLoad, 'url'> | Omit<ClosedLoad, 'url'>;

function createContender(tool: Tool, load: CostLoad): Contender<Cost> {
  return {
    name: tool.name,
    turn: () =>
      withServer('plain', {}, async ({ url }) => {
        const { requests, cpuSeconds } = await runTool(tool, { ...load, url: `${url}/` });
        if (cpuSeconds === null) throw new Error('the system reports no CPU time of processes');
        return { requests, cpuSeconds };
      }),
  };
}

/** Parts of a script's URL, and the place in the code that each stands for. The first match counts. */
const PLACES = [
  ['node_modules/undici', 'undici'],
  ['wasm:', 'undici'],
  ['/e2e/', 'ours'],
  ['node:', "Node's own scripts"],
] as const;

/** Runs our closed model once more under V8's profiler, and sums up its CPU time by place. */
async function profileOurs(load: ClosedLoad): Promise<CpuAccount> {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'bench-profile-'));
  await runTool(OURS, load, ['--cpu-prof', `--cpu-prof-dir=${folder.path}`]);
  const [file] = readdirSync(folder.path);
  if (file === undefined) throw new Error('the runtime wrote no profile');
  const profile: CpuProfile = JSON.parse(readFileSync(path.join(folder.path, file), 'utf8'));
  return accountByPlace(profile, PLACES);
}

/** The share of each place in the busy time, the largest first. */
type CpuAccount = { place: string; share: number; hottest: string }[];

type Places = readonly (readonly [part: string, place: string])[];

/** @throws RangeError for a profile in which nothing ran */
export function accountByPlace(profile: CpuProfile, places: Places): CpuAccount {
  const times = selfTimes(profile);
  const ran = profile.nodes.filter(
    (node) => times.has(node.id) && node.callFrame.functionName !== '(idle)',
  );
  const sumTimes = (nodes: readonly ProfileNode[]): number =>
    nodes.reduce((sum, { id }) => sum + (times.get(id) ?? Number.NaN), 0);
  const busyUs = sumTimes(ran);
  if (!(busyUs > 0)) throw new RangeError('a profile in which nothing ran has no account');
  const shares = (nodes: readonly ProfileNode[], readKey: (node: ProfileNode) => string) =>
    [...Map.groupBy(nodes, readKey)]
      .map(([key, own]) => ({ key, own, share: sumTimes(own) / busyUs }))
      .sort((a, b) => b.share - a.share);
  return shares(ran, (node) => findPlace(node, places)).map(({ key: place, own, share }) => {
    const functions = shares(own, ({ callFrame }) => callFrame.functionName || 'without a name');
    const hottest = functions.slice(0, 3).map((one) => `${one.key} ${formatPercent(one.share)}`);
    return { place, share, hottest: hottest.join(', ') };
  });
}

/** Code without a script belongs to the engine, and is named after its work. */
function findPlace({ callFrame: { url, functionName } }: ProfileNode, places: Places): string {
  const named = places.find(([part]) => url.includes(part));
  if (named !== undefined) return named[1];
  if (url !== '') return 'elsewhere';
  if (functionName === '(garbage collector)') return 'garbage collection';
  return functionName.startsWith('(') ? 'the engine itself' : 'system calls and other native code';
}
