import { fileURLToPath } from 'node:url';
import type { ReporterDescription } from '@playwright/test';

const REPORTER_FILE = fileURLToPath(new URL('./index.ts', import.meta.url));

/**
 * The reporters of a configuration, and after them the one that gives the verdict, in a way that `--reporter` cannot drop:
 * Playwright adds the reporter that PW_TEST_REPORTER names to whatever it was told to use. An editor may have taken that variable;
 * then ours is one of the list, and the set-up refuses a run that replaces it.
 */
export function withVerdict(reporters: ReporterDescription[]): ReporterDescription[] {
  process.env.PW_TEST_REPORTER ||= REPORTER_FILE;
  // The HTML reporter would serve its report until Ctrl-C, and hold back the verdict and the exit status that long.
  process.env.PLAYWRIGHT_HTML_OPEN = 'never';
  return process.env.PW_TEST_REPORTER === REPORTER_FILE
    ? reporters
    : [...reporters, [REPORTER_FILE]];
}
