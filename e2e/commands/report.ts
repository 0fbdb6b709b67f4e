import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVariable } from '../core/environmentVariables.ts';
import { readK6Folder } from '../k6/readResults.ts';
import { describeVerdict } from '../report/describeSummary.ts';
import { rebuildReport, reportForeign } from '../report/rebuildReport.ts';
import { describeReport } from '../report/reportFiles.ts';
import { readTerminalSettings, terminalReport, verdictLine } from '../report/terminalReport.ts';
import { runChild } from './runChild.mjs';
import { runCommand, TOOLS } from './tools.ts';

const USAGE = `npm run report [-- <folder…> [--out <folder>] [--open]]
npm run report -- --k6 <folder> [--out <folder>] [--open]
Builds the report of a run again from its record, measurements.ndjson, or merges and judges the records of all shards of one run.
  <folder>  of a report or a shard; default: PERF_REPORT_DIR, or perf-report
  --k6      judges the JSON outputs of all instances of k6 that ran one script of npm run load:k6, each a file of this folder
  --out     where to write; default: PERF_REPORT_DIR, or the folder itself, or of several perf-report, or perf-report-k6
  --open    shows the report in the browser until Ctrl-C, served on 127.0.0.1
The exit status is 0 if all objectives pass, as of a run.
`;

const USUAL = 'perf-report';
const USUAL_OF_K6 = 'perf-report-k6';

await runCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, open: { type: 'boolean' }, k6: { type: 'string' } },
  });
  const named = readVariable(process.env, 'PERF_REPORT_DIR');
  const folders = positionals.length === 0 ? [named ?? USUAL] : positionals;
  const own = folders.length === 1 ? folders[0] : USUAL;
  const { k6 } = values;
  if (k6 !== undefined && positionals.length > 0) throw new Error('--k6 takes one folder alone');
  const usual = k6 === undefined ? own : USUAL_OF_K6;
  const reportDir = path.resolve(values.out ?? named ?? usual ?? USUAL);
  const historyPlace = readVariable(process.env, 'PERF_HISTORY');
  const { summary, record } = await (k6 === undefined
    ? rebuildReport(folders, reportDir, historyPlace)
    : reportForeign(readK6Folder(k6), reportDir, historyPlace));
  const { verbose } = readTerminalSettings(process.env);
  const { verdict } = summary;
  process.stdout.write(
    `${terminalReport(summary, record.run.objectives, { verbose })}
${verdictLine(verdict, describeVerdict(summary))}
Report: ${describeReport(reportDir, undefined, process.cwd())}\n`,
  );
  if (values.open === true) await openReport(reportDir);
  return verdict === 'pass' ? 0 : 1;
}, USAGE);

async function openReport(folder: string): Promise<void> {
  const [file, ...first] = TOOLS.playwright;
  const args = [...first, 'show-report', folder, '--host', '127.0.0.1'];
  await runChild(file, args, {});
}
