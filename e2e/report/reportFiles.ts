import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { quoteForShell } from '../core/terminalText.ts';
import { writeFailure } from '../history/writeFailure.ts';
import { type PageInput, reportPage } from './html/page.ts';
import { openMetrics } from './openMetrics.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';

type Report = Omit<PageInput, 'playwrightReport' | 'reportDir'> & {
  /** Absolute; null: there is none. */
  playwrightReport: string | null;
};

/** Writes the results for programs, for a CI system and for readers. @throws HarnessError WRITE_FAILED */
export async function writeReport(reportDir: string, report: Report): Promise<void> {
  const { summary, record, playwrightReport: html } = report;
  const write = (name: string, text: string) => writeAtomically(path.join(reportDir, name), text);
  write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  write('metrics.openmetrics', await openMetrics(summary));
  write('summary.md', summaryMarkdown(summary, record.run.objectives));
  const playwrightReport =
    html && `${path.relative(reportDir, html).replaceAll(path.sep, '/')}/index.html`;
  write('index.html', reportPage({ ...report, playwrightReport, reportDir }));
}

type Config = Pick<FullConfig, 'configFile' | 'reporter'> | undefined;

/** The folder of Playwright's own report; null: there is none. */
export function findPlaywrightReport(config: Config, cwd: string): string | null {
  const folder: unknown = config?.reporter.find(([name]) => name === 'html')?.[1]?.outputFolder;
  if (typeof folder !== 'string') return null;
  const base = config?.configFile === undefined ? cwd : path.dirname(config.configFile);
  return path.resolve(base, folder);
}

/** Where the report is, with paths and a command that work in the current folder. */
export function describeReport(reportDir: string, config: Config, cwd: string): string {
  const page = fromHere(cwd, path.join(reportDir, 'index.html'));
  const html = findPlaywrightReport(config, cwd);
  if (html === null) return page;
  return `${page}, Playwright report: npx playwright show-report ${quoteForShell(fromHere(cwd, html))}`;
}

/** Relative to the current folder, unless that would climb out of it. */
function fromHere(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * Writes to a temporary file and then renames it, so that no reader sees half a file.
 * @throws HarnessError WRITE_FAILED, with an existing file left as it was
 */
export function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw writeFailure(file, error);
  }
}
