import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import type { Objective } from '../core/budget/objective.ts';
import { quoteForShell } from '../core/terminalText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { writeFailure } from '../history/writeFailure.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';

/** The files of a report. A new output is one more entry. */
const OUTPUTS: Record<string, (summary: Summary, objectives: Objective[]) => string> = {
  'summary.json': (summary) => `${JSON.stringify(summary, null, 2)}\n`,
  'summary.md': summaryMarkdown,
};

/** @throws HarnessError WRITE_FAILED */
export function writeReport(reportDir: string, summary: Summary, objectives: Objective[]): void {
  for (const [name, render] of Object.entries(OUTPUTS)) {
    writeAtomically(path.join(reportDir, name), render(summary, objectives));
  }
}

/** Where the report is: paths and a command that work in the current folder. */
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
 * Writes a file in one step, so that no reader sees half of it: to a temporary file, which then takes the name.
 * @throws HarnessError WRITE_FAILED; the file before it stays as it was
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
