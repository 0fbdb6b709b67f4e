import path from 'node:path';
import { parseArgs } from 'node:util';
import { readVariable } from '../core/environmentVariables.ts';
import { describeVerdict } from '../report/describeSummary.ts';
import { rebuildReport } from '../report/rebuildReport.ts';
import { describeReport } from '../report/reportFiles.ts';
import { readTerminalSettings, terminalReport, verdictLine } from '../report/terminalReport.ts';
import { runChild } from './runChild.mjs';
import { runCommand, TOOLS } from './tools.ts';

const USAGE = `npm run report [-- <folder…> [--out <folder>] [--open]]
Builds the report of a run again from its record, measurements.ndjson, or merges and judges the records of all shards of one run.
  <folder>  of a report or a shard; default: PERF_REPORT_DIR, or perf-report
  --out     where to write; default: PERF_REPORT_DIR, or the folder itself, or of several perf-report
  --open    shows the report in the browser until Ctrl-C, served on 127.0.0.1
The exit status is 0 if all objectives pass, as of a run.
`;

const USUAL = 'perf-report';

await runCommand(async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, open: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const named = readVariable(process.env, 'PERF_REPORT_DIR');
  const folders = positionals.length === 0 ? [named ?? USUAL] : positionals;
  const own = folders.length === 1 ? folders[0] : USUAL;
  const reportDir = path.resolve(values.out ?? named ?? own ?? USUAL);
  const { summary, record } = await rebuildReport(
    folders,
    reportDir,
    readVariable(process.env, 'PERF_HISTORY'),
  );
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
