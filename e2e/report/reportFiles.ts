import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { quoteForShell } from '../core/quoteForShell.ts';
import { writeFailure } from '../history/recordFile.ts';

/** Where a reader finds what the run left, as paths and a command to be used from the current folder. */
export function describeReport(
  reportDir: string,
  { configFile, reporter }: Pick<FullConfig, 'configFile' | 'reporter'>,
  cwd: string,
): string {
  const summary = fromHere(cwd, path.join(reportDir, 'summary.md'));
  const options: unknown = reporter.find(([name]) => name === 'html')?.[1];
  const folder = outputFolder(options);
  if (folder === undefined) return summary;
  const base = configFile === undefined ? cwd : path.dirname(configFile);
  const html = fromHere(cwd, path.resolve(base, folder));
  return `${summary}, Playwright report: npx playwright show-report ${quoteForShell(html)}`;
}

function outputFolder(options: unknown): string | undefined {
  if (typeof options !== 'object' || options === null || !('outputFolder' in options)) return;
  return typeof options.outputFolder === 'string' ? options.outputFolder : undefined;
}

/** Relative to the current folder, unless that would climb out of it. */
function fromHere(cwd: string, file: string): string {
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') ? file : relative;
}

/**
 * Writes a file in one step, so that no reader meets half of it: beside it first, then under its name.
 * @throws HarnessError WRITE_FAILED, with what was there before left as it was
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
