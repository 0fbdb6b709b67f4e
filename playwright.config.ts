import { defineConfig } from '@playwright/test';
import { readVariable } from './e2e/core/environmentVariables.ts';
import { withVerdict } from './e2e/report/withVerdict.ts';
import type { SelfcheckOptions } from './e2e/selfcheck/fixtures.ts';
import { browserLaunch } from './e2e/setup/browser.ts';
import { lockReportDir } from './e2e/setup/lockReportDir.ts';
import { refuseUiMode } from './e2e/setup/refuseOptions.ts';

refuseUiMode(process.argv);
// When a test fails, Playwright would write the contents of its page into the report, with a token that stands in a field.
process.env.PLAYWRIGHT_NO_COPY_PROMPT = '1';

const reportDir = readVariable(process.env, 'PERF_REPORT_DIR') ?? 'perf-report';
lockReportDir(reportDir, process);
const countsFile = readVariable(process.env, 'PERF_COUNTS_FILE');

export default defineConfig<object, SelfcheckOptions>({
  testDir: './e2e',
  // Unit tests, which stand beside the code, run in node:test.
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/globalSetup.ts',
  outputDir: `${reportDir}/test-results`,
  forbidOnly: readVariable(process.env, 'CI') !== undefined,
  // Nothing disturbs a measurement: one worker, no second try, no tracing, no video.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  // Measurements have time-outs of their own, in `e2e/measurements.ts`.
  timeout: 60_000,
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
    { name: 'perf', testDir: './e2e/perf' },
    // The first minutes of a visitor, on a desktop and on a phone.
    { name: 'experience', testDir: './e2e/experience' },
    // Loads that the budget describes: for a few minutes, for as long as it says, and up to the knee.
    {
      name: 'load',
      testDir: './e2e/load',
      testMatch: ['fiveTenants.spec.ts', 'peak.spec.ts', 'sustained.spec.ts'],
    },
    { name: 'soak', testDir: './e2e/load', testMatch: 'soak.spec.ts' },
    { name: 'capacity', testDir: './e2e/load', testMatch: 'capacity.spec.ts' },
    // Loads take six minutes, and twice that where the machine disturbed the first measurement.
    { name: 'selfcheck', testDir: './e2e/selfcheck', timeout: 20 * 60_000 },
    // One planted defect for most verdicts, in minutes.
    {
      name: 'selfcheck-brief',
      testDir: './e2e/selfcheck',
      grep: /@brief/,
      timeout: 10 * 60_000,
      use: { brief: true },
    },
    // What measuring itself costs an answer.
    { name: 'costs', testDir: './e2e/costs', timeout: 5 * 60_000 },
  ],
});
