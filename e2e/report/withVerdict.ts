import { fileURLToPath } from 'node:url';
import type { ReporterDescription } from '@playwright/test';

const REPORTER_FILE = fileURLToPath(new URL('./index.ts', import.meta.url));

/**
 * Adds the reporter that gives the verdict by PW_TEST_REPORTER, since `--reporter` cannot drop a reporter that is named there. If an
 * editor already uses that variable, ours joins the list instead, and the set-up refuses a run that replaces the list.
 */
export function withVerdict(reporters: ReporterDescription[]): ReporterDescription[] {
  process.env.PW_TEST_REPORTER ||= REPORTER_FILE;
  // The HTML reporter would serve its report until Ctrl-C and delay the verdict and the exit status.
  process.env.PLAYWRIGHT_HTML_OPEN = 'never';
  return process.env.PW_TEST_REPORTER === REPORTER_FILE
    ? reporters
    : [...reporters, [REPORTER_FILE]];
}
