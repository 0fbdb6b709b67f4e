import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import type { Objective } from '../core/budget/objective.ts';
import { quoteForShell } from '../core/terminalText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { writeFailure } from '../history/writeFailure.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';

/** @throws HarnessError WRITE_FAILED */
export function writeReport(reportDir: string, summary: Summary, objectives: Objective[]): void {
  const json = `${JSON.stringify(summary, null, 2)}\n`;
  writeAtomically(path.join(reportDir, 'summary.json'), json);
  writeAtomically(path.join(reportDir, 'summary.md'), summaryMarkdown(summary, objectives));
}

/** Where the report is, with paths and a command that work in the current folder. */
export function describeReport(
  reportDir: string,
  config: Pick<FullConfig, 'configFile' | 'reporter'> | undefined,
  cwd: string,
): string {
  const summary = fromHere(cwd, path.join(reportDir, 'summary.md'));
  const outputFolder: unknown = config?.reporter.find(([name]) => name === 'html')?.[1]
    ?.outputFolder;
  if (typeof outputFolder !== 'string') return summary;
  const base = config?.configFile === undefined ? cwd : path.dirname(config.configFile);
  const html = fromHere(cwd, path.resolve(base, outputFolder));
  return `${summary}, Playwright report: npx playwright show-report ${quoteForShell(html)}`;
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
