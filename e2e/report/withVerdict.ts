import { fileURLToPath } from 'node:url';
import type { ReporterDescription } from '@playwright/test';

const REPORTER_FILE = fileURLToPath(new URL('./index.ts', import.meta.url));

/**
 * Adds the reporter that gives the verdict in a way that `--reporter` cannot drop: Playwright always adds the reporter in
 * PW_TEST_REPORTER. If an editor uses that variable, ours joins the list, and the set-up refuses a run that replaces it.
 */
export function withVerdict(reporters: ReporterDescription[]): ReporterDescription[] {
  process.env.PW_TEST_REPORTER ||= REPORTER_FILE;
  // The HTML reporter would serve its report until Ctrl-C and delay the verdict and the exit status.
  process.env.PLAYWRIGHT_HTML_OPEN = 'never';
  return process.env.PW_TEST_REPORTER === REPORTER_FILE
    ? reporters
    : [...reporters, [REPORTER_FILE]];
}
