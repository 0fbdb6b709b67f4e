import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';
import { analyseHistory } from '../history/analyseHistory.ts';
import { readHistory } from '../history/history.ts';
import { formatHistory } from '../history/historyText.ts';
import { runCommand } from './tools.ts';

const USAGE = `npm run history [-- --file perf-history.ndjson] [--target staging] [--json]
Shows the runs of a history: how each figure moved and between which commits, the flake rate, and the error budget.
  --file    file or folder of the history; default: PERF_HISTORY
  --target  only the runs of this target
  --json    for programs: a HistoryAnalysis of e2e/history/analyseHistory.ts
`;

await runCommand((args) => {
  const { values } = parseArgs({
    args,
    options: { file: { type: 'string' }, target: { type: 'string' }, json: { type: 'boolean' } },
  });
  const place = values.file ?? readVariable(process.env, 'PERF_HISTORY');
  if (place === undefined || !existsSync(place)) throw missingHistory(place);
  const runs = readHistory(place);
  const { target } = values;
  const chosen = target === undefined ? runs : runs.filter((run) => run.target === target);
  if (target !== undefined && chosen.length === 0) {
    const known = [...new Set(runs.map((run) => run.target))];
    throw new HarnessError({
      code: 'OPTION_REFUSED',
      summary: `${place} has no run of ${target}.`,
      file: place,
      found: known.length === 0 ? 'no runs' : `runs of ${known.join(', ')}`,
      expected: `runs of ${target}`,
      remedy: 'Name another target, or leave --target out.',
    });
  }
  const analysis = analyseHistory(chosen);
  const text = runs.length === 0 ? `${place} holds no runs yet.\n` : formatHistory(analysis);
  process.stdout.write(values.json === true ? `${JSON.stringify(analysis, null, 2)}\n` : text);
  return 0;
}, USAGE);

function missingHistory(place: string | undefined): HarnessError {
  return new HarnessError({
    code: 'HISTORY_INVALID',
    summary: place === undefined ? 'No history is named.' : `There is no history at ${place}.`,
    ...(place === undefined ? {} : { file: place }),
    expected: 'the file or folder that PERF_HISTORY named in earlier runs',
    remedy:
      'Each complete run adds itself: PERF_HISTORY=perf-history.ndjson npm run perf. Then name it with --file or PERF_HISTORY.',
  });
}
