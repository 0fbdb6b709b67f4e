import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  if (html !== null) linkBack(path.join(html, 'index.html'), path.join(reportDir, 'index.html'));
}

/** Puts a link above Playwright's report, which has no option for one. */
function linkBack(file: string, target: string): void {
  if (!existsSync(file)) return;
  const href = encodeURI(path.relative(path.dirname(file), target).replaceAll(path.sep, '/'));
  const link = `<p style="margin:8px 16px;font-family:sans-serif"><a href="${href}">Verdict, objectives and figures of this run</a></p>`;
  const page = readFileSync(file, 'utf8');
  if (!page.includes(link)) writeAtomically(file, page.replace('<body>', `<body>${link}`));
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
  // Served from the folder above, the links between both reports work.
  const served = path.dirname(html) === path.resolve(cwd, reportDir) ? path.dirname(html) : html;
  return `${page}, with Playwright's report: npx playwright show-report ${quoteForShell(fromHere(cwd, served))}`;
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
