import { defineConfig } from '@playwright/test';
import { readVariable } from './e2e/core/environmentVariables.ts';
import { withVerdict } from './e2e/report/withVerdict.ts';
import type { SelfcheckOptions } from './e2e/selfcheck/fixtures.ts';
import { browserLaunch } from './e2e/setup/browser.ts';
import { lockReportDir } from './e2e/setup/lockReportDir.ts';
import { refuseUiMode } from './e2e/setup/refuseOptions.ts';

refuseUiMode(process.argv);
// When a test fails, Playwright would write what its page shows into the report: a token that stands in its field, too.
process.env.PLAYWRIGHT_NO_COPY_PROMPT = '1';

const reportDir = readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report';
lockReportDir(reportDir, process);
const countsFile = readVariable(process.env, 'PERF_COUNTS_FILE');

export default defineConfig<object, SelfcheckOptions>({
  testDir: './e2e',
  // Unit tests, which stand beside the code, are node:test's.
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/globalSetup.ts',
  outputDir: `${reportDir}/test-results`,
  forbidOnly: readVariable(process.env, 'CI') !== undefined,
  // Nothing runs beside a measurement: one worker, no second try, no tracing, no video.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  use: {
    trace: 'off',
    video: 'off',
    screenshot: 'off',
    launchOptions: browserLaunch(),
  },
  reporter: withVerdict([
    ['./e2e/report/progressReporter.ts'],
    ['html', { outputFolder: `${reportDir}/playwright`, open: 'never' }],
    ...(countsFile === undefined ? [] : [['json', { outputFile: countsFile }] as const]),
    ['./e2e/selfcheck/caughtReporter.ts'],
  ]),
  projects: [
    { name: 'smoke', testDir: './e2e/smoke', timeout: 30_000 },
    // A measurement has a time-out of its own, in `e2e/measurements.ts`.
    { name: 'perf', testDir: './e2e/perf', timeout: 60_000 },
    // What takes minutes to say of a person's first minutes, phones among them.
    { name: 'experience', testDir: './e2e/experience', timeout: 60_000 },
    // Loads that the budget describes: a few minutes, as long as it says, and up to the knee.
    {
      name: 'load',
      testDir: './e2e/load',
      testMatch: ['fiveTenants.spec.ts', 'peak.spec.ts', 'sustained.spec.ts'],
      timeout: 60_000,
    },
    { name: 'soak', testDir: './e2e/load', testMatch: 'soak.spec.ts', timeout: 60_000 },
    {
      name: 'capacity',
      testDir: './e2e/load',
      testMatch: 'capacity.spec.ts',
      timeout: 60_000,
    },
    {
      name: 'selfcheck',
      testDir: './e2e/selfcheck',
      timeout: 10 * 60_000,
    },
    // A planted defect for most verdicts, in minutes.
    {
      name: 'selfcheck-brief',
      testDir: './e2e/selfcheck',
      grep: /@brief/,
      timeout: 10 * 60_000,
      use: { brief: true },
    },
    // What measuring itself costs, as a table.
    { name: 'costs', testDir: './e2e/costs', timeout: 5 * 60_000 },
  ],
});
