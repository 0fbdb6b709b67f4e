import path from 'node:path';
import { runChild } from '../commands/runChild.mjs';
import { HarnessError } from '../core/harnessError.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { inheritedEnvironment } from '../probes/environment.ts';
import type { loadBudget } from '../setup/loadBudget.ts';
import { openTarget } from '../setup/openTarget.ts';
import { readTargetVariables } from '../setup/readEnvironment.ts';
import { readTokens } from '../setup/tokens.ts';
import { applyModelBehaviour } from '../workloads/recordWorkload.ts';
import { type K6Config, scopeOfK6Config } from './config.ts';

/** What the exit codes of k6 mean, as far as a load can end with them. */
const K6_EXITS: Record<number, string> = {
  0: 'ended, and no threshold of the script was crossed',
  99: 'ended, and a threshold of the script was crossed',
  100: 'timed out in setup()',
  101: 'timed out in teardown()',
  103: 'was stopped through its REST API',
  104: 'refused its options',
  105: 'was stopped by a signal',
  106: 'could not start its REST API',
  107: 'met an exception in the script',
  108: 'was aborted by the script: SalesTalk rejected a token',
  109: 'crashed',
};

/**
 * Runs a script by as many instances of k6, each of which writes a file of the folder `results`.
 * @returns the greatest exit code
 * @throws HarnessError START_FAILED without k6, and as `openTarget`
 */
export async function runK6(
  config: K6Config,
  { budget, file: budgetFile }: ReturnType<typeof loadBudget>,
  { script, results, instances }: { script: string; results: string; instances: number },
): Promise<number> {
  const variables = readTargetVariables(config.target, process.env);
  const opened = await openTarget({ name: config.target, budget, budgetFile, variables });
  try {
    const { apiUrl, aiMockControlUrl, tenants } = opened.target;
    const tokens = await readTokens(opened.tokenSource, tenants, new Date());
    const { AI_MOCK_CONTROL_TOKEN: controlToken = '' } = opened.secrets;
    const aiMock =
      aiMockControlUrl === null ? null : new AiMockControl(aiMockControlUrl, controlToken);
    using _model = await applyModelBehaviour(aiMock, {
      name: config.load,
      scope: scopeOfK6Config(config),
      model: [{ latency: { distribution: 'logNormal', ...config.model } }],
    });
    const given = {
      SALESTALK_API_URL: apiUrl ?? '',
      SALESTALK_TOKENS: [...tokens].map((pair) => pair.join('=')).join(','),
    };
    const exitCodes = segmentsOf(instances).map((segment, at) => {
      const out = path.join(results, `${at + 1}.json`);
      return runInstance([...segment, '--out', `json=${out}`, script], given);
    });
    // The codes of k6 rise with what went wrong.
    const exitCode = Math.max(...(await Promise.all(exitCodes)));
    const ended = K6_EXITS[exitCode] ?? 'ended with an error';
    process.stdout.write(`k6 ${ended} (exit status ${exitCode}).\n`);
    return exitCode;
  } finally {
    await Promise.all(Object.values(opened.processes).map((started) => started.stop()));
  }
}

/** The options that give each of `n` instances its part of the load. */
function segmentsOf(n: number): string[][] {
  if (n === 1) return [[]];
  const bounds = Array.from({ length: n + 1 }, (_, at) => (at % n === 0 ? at / n : `${at}/${n}`));
  return bounds
    .slice(1)
    .map((until, at) => [
      ...['--execution-segment', `${bounds[at]}:${until}`],
      ...['--execution-segment-sequence', bounds.join(',')],
    ]);
}

/** Without its report of usage, and without its REST API. @returns its exit code */
async function runInstance(args: string[], variables: Record<string, string>): Promise<number> {
  const all = ['run', '--no-usage-report', '--address', '', ...args];
  const env = { ...inheritedEnvironment(), ...variables };
  const { exitCode } = await runChild('k6', all, { env }).catch((error) => {
    throw k6NotStarted(error);
  });
  return exitCode;
}

function k6NotStarted(error: NodeJS.ErrnoException): HarnessError {
  return new HarnessError({
    code: 'START_FAILED',
    summary: 'k6 could not be started.',
    file: 'PATH',
    found: error.code === 'ENOENT' ? 'no k6' : String(error.code),
    expected: 'k6 2.x, which the harness neither contains nor installs',
    remedy: 'Install it as its publisher says (grafana.com/docs/k6), or run the script elsewhere.',
  });
}
