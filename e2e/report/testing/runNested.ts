import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import { type PlaywrightEnd, startPlaywright } from '../../testing/startPlaywright.ts';
import { temporaryFolder } from '../../testing/temporaryFolder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What a program would validate by. */
const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(path.join(ROOT, 'e2e/report/summary.schema.json'), 'utf8')),
);

/** A Playwright project with one spec and a prepared record. */
export type NestedProject = {
  /** Body of the spec, which can use `test`, `expect` and `measured`. */
  spec: string;
  /** The first line of the record, as the set-up hands it over; null: the set-up fails. */
  header: RunLine | null;
  /** The content of the record file; null: there is none. */
  record: RunRecord | null;
  args?: string[];
  env?: Record<string, string>;
  /** The signal is sent once the run prints `at`, and again a little later, as a process group and `npm run` both do. */
  stop?: { signal: NodeJS.Signals; at: string };
  /** The content of the history file before the run. */
  history?: string;
  /** Folder of the project whose blob reports Playwright merges in the end. */
  merge?: string;
};

export type NestedRun = PlaywrightEnd & {
  summary: Summary | null;
  markdown: string | null;
  page: string | null;
  /** The first page of Playwright's report. */
  playwrightPage: string | null;
  /** The content of the record file in the end. */
  recordText: string | null;
  /** JUnit's XML, if it is asked for as `junit.xml`. */
  junit: string | null;
  metrics: string | null;
  /** Playwright's JSON report. */
  json: string;
  /** The content of the history file in the end; null: there is none. */
  history: string | null;
  merged: PlaywrightEnd | null;
};

/** Runs a real Playwright in a folder of its own, with the reporter last in line, and cleans up. */
export async function runNested(project: NestedProject): Promise<NestedRun> {
  using temporary = temporaryFolder();
  const folder = temporary.path;
  const reportDir = path.join(folder, 'perf-report');
  const recordFile = path.join(reportDir, 'measurements.ndjson');
  writeProject(folder, { ...project, reportDir, recordFile });
  const { args = [], merge } = project;
  const end = await runPlaywright(folder, ['test', ...args], project);
  const mergeArgs = ['merge-reports', '-c', 'playwright.config.ts'];
  const merged =
    merge === undefined ? null : await runPlaywright(folder, [...mergeArgs, merge], {});
  const summaryText = readIfThere(path.join(reportDir, 'summary.json'));
  return {
    ...end,
    summary: summaryText === null ? null : (SCHEMA.parse(JSON.parse(summaryText)) as Summary),
    junit: readIfThere(path.join(folder, 'junit.xml')),
    metrics: readIfThere(path.join(reportDir, 'metrics.openmetrics')),
    markdown: readIfThere(path.join(reportDir, 'summary.md')),
    page: readIfThere(path.join(reportDir, 'index.html')),
    playwrightPage: readIfThere(path.join(reportDir, 'playwright/index.html')),
    recordText: readIfThere(recordFile),
    json: readIfThere(path.join(folder, 'report.json')) ?? '',
    history: readIfThere(path.join(folder, 'history.ndjson')),
    merged,
  };
}

/** A spec with a test for each of these objectives. */
export function specOf(...ids: string[]): string {
  return ids
    .map(
      (id) => `test('judges ${id}', { annotation: judges('${id}') }, async () => {
        await expect(measured).toMeetBudget('${id}');
      });`,
    )
    .join('\n');
}

/** A record as text: a line of JSON for each of its lines. */
function formatRecord({ run, ...lines }: RunRecord): string {
  return [run, ...Object.values(lines).flat()].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Playwright takes two signals within a second for one Ctrl-C. */
const AGAIN_MS = 200;

function writeProject(
  folder: string,
  project: NestedProject & { reportDir: string; recordFile: string },
): void {
  const { spec, header, record, reportDir, recordFile, history } = project;
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  if (record !== null) {
    mkdirSync(reportDir);
    writeFileSync(recordFile, formatRecord(record));
  }
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  if (history !== undefined) write('history.ndjson', history);
  const from = (file: string) => JSON.stringify(path.join(ROOT, 'e2e', file));
  write('package.json', '{ "type": "module" }');
  write(
    'playwright.config.ts',
    `import { withVerdict } from ${from('report/withVerdict.ts')};
    export default {
      globalSetup: './setUp.ts', workers: 1,
      reporter: withVerdict([[${from('report/progressReporter.ts')}], ['json', { outputFile: 'report.json' }],
        ['html', { outputFolder: 'perf-report/playwright', open: 'never' }]]),
    };`,
  );
  const state = { id: header?.id, reportDir, recordFile, header };
  write(
    'setUp.ts',
    header === null
      ? `export default () => { throw new Error('TARGET_UNREACHABLE: no answer'); };`
      : `export default () => { process.env.PERF_RUN = ${JSON.stringify(JSON.stringify(state))}; };`,
  );
  write(
    'nested.spec.ts',
    `import { appendFileSync, readFileSync } from 'node:fs';
    import { test } from '@playwright/test';
    import { expect } from ${from('matchers/toMeetBudget.ts')};
    import { parseRunRecord } from ${from('core/record/runRecord.ts')};
    import { METRICS } from ${from('metrics/metrics.ts')};
    const judges = (...ids) => ids.map((description) => ({ type: 'objective', description }));
    const measured = {
      readRecord: () => parseRunRecord(readFileSync(${JSON.stringify(recordFile)}, 'utf8'), 'measurements.ndjson', METRICS),
      whyNotServed: () => null,
      diagnose: async () => null,
    };
    ${spec}`,
  );
}

/** Without colours, except in standard output. */
async function runPlaywright(
  folder: string,
  args: string[],
  { env = {}, stop }: Pick<NestedProject, 'env' | 'stop'>,
): Promise<PlaywrightEnd> {
  let isStopped = false;
  const { ended } = startPlaywright(args, {
    cwd: folder,
    env,
    onOutput(output, child) {
      if (stop === undefined || isStopped || !output.includes(stop.at)) return;
      isStopped = true;
      child.kill(stop.signal);
      setTimeout(() => child.kill(stop.signal), AGAIN_MS);
    },
  });
  const end = await ended;
  return { ...end, output: stripVTControlCharacters(end.output) };
}

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
