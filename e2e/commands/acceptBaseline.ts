import { parseArgs } from 'node:util';
import { objectiveIds } from '../core/budget/operationCatalogue.ts';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';
import { FEWEST_BASELINE_RUNS } from '../core/statistics/compareWithBaseline.ts';
import { acceptBaseline, listCommits } from '../history/baseline.ts';
import { baselineFileOf, readBaseline, writeBaseline } from '../history/baselineFile.ts';
import { readHistory } from '../history/history.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { readTargetName } from '../setup/readEnvironment.ts';
import { runCommand } from './tools.ts';

const USAGE = `npm run baseline:accept [-- --history <file>] [--target local] [--runs 5] [--allow-changes]
Makes the latest passed runs of a history the baseline that later runs are compared with: budgets/baselines/<target>.json.
  --history        file of the history; default: PERF_HISTORY
  --target         target of the runs; default: SALESTALK_TARGET, or local
  --runs           how many runs, at least ${FEWEST_BASELINE_RUNS}; the more, the smaller a regression that is found
  --allow-changes  accept runs with uncommitted changes
`;

const OPTIONS = {
  history: { type: 'string' },
  target: { type: 'string' },
  runs: { type: 'string', default: String(FEWEST_BASELINE_RUNS) },
  'allow-changes': { type: 'boolean', default: false },
} as const;

const DAY_MS = 24 * 60 * 60_000;
const SHORT_SPAN_NOTE =
  'The runs are of one day. Runs of several days also show how much the machine varies from day to day.';

await runCommand((args) => {
  const { values } = parseArgs({ args, options: OPTIONS });
  process.stdout.write(accept(values));
  return 0;
}, USAGE);

type Options = { history?: string; target?: string; runs: string; 'allow-changes': boolean };

function accept(options: Options): string {
  const { SALESTALK_TARGET = '' } = process.env;
  const target = readTargetName({ SALESTALK_TARGET: options.target ?? SALESTALK_TARGET });
  const history = options.history ?? readVariable(process.env, 'PERF_HISTORY');
  if (history === undefined) {
    throw refuseOption('--history', 'nothing, and no PERF_HISTORY', 'the file of a history');
  }
  const count = Number(options.runs);
  if (!Number.isInteger(count) || count < FEWEST_BASELINE_RUNS) {
    throw refuseOption('--runs', options.runs, `a whole number from ${FEWEST_BASELINE_RUNS} on`);
  }
  // Refuses a target that has no budget.
  loadBudget(target);
  const file = baselineFileOf(target);
  const figureIds = objectiveIds(SALESTALK_CATALOGUE).flatMap(({ operation, metric }) =>
    metric.compares === undefined ? [] : [`${operation}.${metric.compares}`],
  );
  const entries = readHistory(history);
  if (entries.length === 0) throw refuseOption('--history', `no run in ${history}`, 'earlier runs');
  const { baseline, runs, leftOut } = acceptBaseline(entries, readBaseline(target), {
    ...{ target, file, figureIds, runs: count, allowChanges: options['allow-changes'] },
  });
  writeBaseline(baseline);
  const commits = listCommits(runs);
  const [from = '', until = ''] = [runs[0], runs.at(-1)].map((run) => run?.startedAt);
  const { cpu, cores } = baseline.environment;
  return [
    `${file}: ${Object.keys(baseline.figures).length} figures of ${runs.length} passed runs of ${commits.length === 1 ? 'commit' : 'commits'} ${commits.join(', ')},`,
    `  ${from.slice(0, 16)} to ${until.slice(0, 16)} UTC, on ${cpu}, ${cores} cores`,
    ...(leftOut.length === 0 ? [] : [`Left out: ${leftOut.join(', ')}.`]),
    ...(Date.parse(until) - Date.parse(from) < DAY_MS ? [SHORT_SPAN_NOTE] : []),
    'Review the file and commit it.\n',
  ].join('\n');
}

function refuseOption(option: string, found: string, expected: string): HarnessError {
  return new HarnessError({
    ...{ code: 'OPTION_REFUSED', summary: `${option} cannot be used.`, path: option },
    ...{ found, expected, remedy: 'Correct the option; nothing was changed.' },
  });
}
