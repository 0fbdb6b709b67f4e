import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { type Summary, summarySchema } from '../../core/verdict/runSummary.ts';
import { type PlaywrightEnd, startPlaywright } from '../../testing/startPlaywright.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A Playwright project of one spec, with a record that was prepared before. */
export type NestedProject = {
  /** Body of the spec; `test`, `expect` and `measured` are there. */
  spec: string;
  /** What the set-up tells; null: the set-up fails. */
  header: RunLine | null;
  /** What stands in the record file; null: there is none. */
  record: RunRecord | null;
  args?: string[];
  env?: Record<string, string>;
  /** Sent to the run as soon as it prints this, and once more a little later: a process group and `npm run` both pass it on. */
  stop?: { signal: NodeJS.Signals; at: string };
  /** The history that the run is added to holds this before it. */
  history?: string;
  /** Playwright's own: the reports of this folder of the project are merged in the end. */
  merge?: string;
};

export type NestedRun = PlaywrightEnd & {
  summary: Summary | null;
  markdown: string | null;
  /** What the record file holds in the end. */
  recordText: string | null;
  /** Playwright's own report of the run, without the file system's paths. */
  json: string;
  /** What the history holds in the end; null: there is none. */
  history: string | null;
  merged: PlaywrightEnd | null;
};

/** Runs a real Playwright in a folder of its own, with the reporter last in line, and cleans up. */
export async function runNested(project: NestedProject): Promise<NestedRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'perf-nested-'));
  try {
    const reportDir = path.join(folder, 'perf-report');
    const recordFile = path.join(reportDir, 'measurements.ndjson');
    writeProject(folder, { ...project, reportDir, recordFile });
    const end = await runPlaywright(folder, ['test', ...(project.args ?? [])], project);
    const merged =
      project.merge === undefined
        ? null
        : await runPlaywright(
            folder,
            ['merge-reports', '-c', 'playwright.config.ts', project.merge],
            { env: {} },
          );
    const summaryText = readIfThere(path.join(reportDir, 'summary.json'));
    return {
      ...end,
      summary: summaryText === null ? null : summarySchema.parse(JSON.parse(summaryText)),
      markdown: readIfThere(path.join(reportDir, 'summary.md')),
      recordText: readIfThere(recordFile),
      json: readIfThere(path.join(folder, 'report.json')) ?? '',
      history: readIfThere(path.join(folder, 'history.ndjson')),
      merged,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
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

/** The text of a record, line by line as it is written during a run. */
function recordText({ run, ...lines }: RunRecord): string {
  return [run, ...Object.values(lines).flat()].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Playwright takes what comes within a second for the same Ctrl-C. */
const AGAIN_MS = 200;

type Files = NestedProject & { reportDir: string; recordFile: string };

function writeProject(
  folder: string,
  { spec, header, record, reportDir, recordFile, history }: Files,
): void {
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  if (record !== null) {
    mkdirSync(reportDir);
    writeFileSync(recordFile, recordText(record));
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
