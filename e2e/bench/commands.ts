import { cpSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../commands/tools.ts';
import { type Benchmark, type Contender, interleave } from './benchmark.ts';
import { collectValues, computeSpread, type Figure, formatCells, judgeGoal } from './table.ts';
import { runProgram } from './tools/tool.ts';

/** Commands that only write files, which a user waits for. */
const COMMANDS = [
  { name: 'npm run load:k6', script: 'e2e/k6/main.ts', out: 'k6/load.js' },
  { name: 'npm run load:k8s', script: 'e2e/commands/loadOnKubernetes.ts', out: 'k8s' },
] as const;

const MOST_CPU_SECONDS = 1;
const TIMEOUT_MS = 60_000;
const TARGET = 'lab';
/** A target that pods can reach. Nothing is sent to it. */
const BUDGET = {
  extends: 'common.json',
  hosts: ['salestalk.example'],
  ceilings: {
    ...{ requestsPerSecond: 100, requestsPerRun: 20_000, durationSeconds: 600 },
    ...{ paidModelCalls: 0, load: true, faults: false },
  },
};

type Cost = { seconds: number; cpuSeconds: number | null };

const cpuSeconds: Figure<Cost> = (cost) => cost.cpuSeconds;

/** What the commands cost that write a load for another load generator. */
export const commands: Benchmark = async (context) => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'bench-commands-'));
  cpSync(path.join(ROOT, 'budgets'), path.join(folder.path, 'budgets'), { recursive: true });
  writeFileSync(path.join(folder.path, 'budgets', `${TARGET}.json`), JSON.stringify(BUDGET));
  const turns = await interleave(
    COMMANDS.map((command) => createContender(folder.path, command)),
    context,
  );
  return {
    title: 'commands: a load is written for k6 or for Kubernetes',
    tables: [
      {
        head: ['command', 'CPU seconds', 'seconds'],
        rows: turns.map((one) => [
          one.name,
          ...formatCells(one, [cpuSeconds, ({ seconds }) => seconds], 2),
        ]),
      },
    ],
    goals: turns.map((one) =>
      judgeGoal(
        `${one.name} with at most ${MOST_CPU_SECONDS} CPU second`,
        [one],
        computeSpread(collectValues(one, cpuSeconds)),
        ({ most }) => ({
          isReached: most <= MOST_CPU_SECONDS,
          found: `${most.toFixed(2)} s at most`,
        }),
      ),
    ),
    notes: ["The command's own process from its start to its end, without npm."],
  };
};

function createContender(
  cwd: string,
  { name, script, out }: (typeof COMMANDS)[number],
): Contender<Cost> {
  const args = [path.join(ROOT, script), '--load', 'sustained', '--out', path.join(cwd, out)];
  const variables = {
    SALESTALK_TARGET: TARGET,
    SALESTALK_API_URL: `https://${BUDGET.hosts[0]}`,
    AI_MOCK_CONTROL_URL: `http://${BUDGET.hosts[0]}:11435`,
    AI_MOCK_CONTROL_TOKEN: 'a-token-that-nothing-checks',
  };
  return {
    name,
    turn: async () => {
      const startMs = performance.now();
      const program = { args, variables, cwd, timeoutMs: TIMEOUT_MS };
      const { cpuSeconds } = await runProgram(process.execPath, program);
      return { seconds: (performance.now() - startMs) / 1000, cpuSeconds };
    },
  };
}
