import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChild } from '../commands/runChild.mjs';
import { runCommand } from '../commands/tools.ts';
import { HarnessError } from '../core/harnessError.ts';
import { AiMockControl } from '../probes/aiMock.ts';
import { inheritedEnvironment } from '../probes/inheritedEnvironment.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { openTarget } from '../setup/openTarget.ts';
import { readTargetName, readTargetVariables } from '../setup/readEnvironment.ts';
import { readTokens } from '../setup/tokens.ts';
import { applyModelBehaviour } from '../workloads/recordWorkload.ts';
import { buildK6Config, scopeOfK6Config, writeK6Script } from './config.ts';

const USAGE = `npm run load:k6 -- --load sustained [--out perf-report-k6/load.js] [--run [--instances 2]]
Writes a load of the budget of SALESTALK_TARGET as a script for k6, which is not part of the harness.
  --run          also runs it, if k6 is on the PATH; the embedded SalesTalk is started for it
  --instances N  shares the load out among N processes of k6 (default 1)
  --help         show this
With --run, the exit status is that of k6: 0, or 99 if one of its thresholds was crossed. The verdict is that of
npm run report -- --k6 <folder of results>.
`;

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

await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      load: { type: 'string' },
      out: { type: 'string', default: path.join('perf-report-k6', 'load.js') },
      run: { type: 'boolean', default: false },
      instances: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.load === undefined) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 1;
  }
  const instances = segmentsOf(Number(values.instances));
  const target = readTargetName(process.env);
  const loaded = loadBudget(target);
  const config = buildK6Config(loaded, target, values.load);
  const folder = path.dirname(values.out);
  const results = path.join(folder, 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(values.out, writeK6Script(config));
  process.stdout.write(`Script: ${values.out}\n`);
  if (!values.run) {
    const variables = 'SALESTALK_API_URL=<url> SALESTALK_TOKENS=<tenant>=<JWT>,…';
    const command = `k6 run --out json=${path.join(results, '1.json')} ${values.out}`;
    process.stdout.write(`To run it: ${variables} ${command}\n${verdictHint(results)}`);
    return 0;
  }
  const variables = readTargetVariables(target, process.env);
  const { budget, file: budgetFile } = loaded;
  const opened = await openTarget({ name: target, budget, budgetFile, variables });
  try {
    const { apiUrl, aiMockControlUrl, tenants } = opened.target;
    const tokens = await readTokens(opened.tokenSource, tenants, new Date());
    const { AI_MOCK_CONTROL_TOKEN: controlToken = '' } = opened.secrets;
    const aiMock =
      aiMockControlUrl === null ? null : new AiMockControl(aiMockControlUrl, controlToken);
    using _model = await applyModelBehaviour(aiMock, {
      name: values.load,
      scope: scopeOfK6Config(config),
      model: [{ latency: { distribution: 'logNormal', ...config.model } }],
    });
    const given = {
      SALESTALK_API_URL: apiUrl ?? '',
      SALESTALK_TOKENS: [...tokens].map((pair) => pair.join('=')).join(','),
    };
    const exitCodes = instances.map((segment, at) => {
      const out = path.join(results, `${at + 1}.json`);
      return runK6([...segment, '--out', `json=${out}`, values.out], given);
    });
    // The codes of k6 rise with what went wrong.
    const exitCode = Math.max(...(await Promise.all(exitCodes)));
    const ended = K6_EXITS[exitCode] ?? 'ended with an error';
    process.stdout.write(`k6 ${ended} (exit status ${exitCode}).\n${verdictHint(results)}`);
    return exitCode;
  } finally {
    await Promise.all(Object.values(opened.processes).map((started) => started.stop()));
  }
}, USAGE);

function verdictHint(results: string): string {
  return `Verdict: npm run report -- --k6 ${results}\n`;
}

/** The options that give each of `n` instances its part of the load. @throws RangeError */
function segmentsOf(n: number): string[][] {
  if (!Number.isInteger(n) || n < 1)
    throw new RangeError('--instances takes a whole number from 1 on');
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
async function runK6(args: string[], variables: Record<string, string>): Promise<number> {
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
