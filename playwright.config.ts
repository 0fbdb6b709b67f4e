import { defineConfig } from '@playwright/test';
import { readVariable } from './e2e/core/environmentVariables.ts';
import type { WorkerOptions } from './e2e/fixtures.ts';
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

/**
 * The situations of a misbehaving model. Some take half a minute of nothing but waiting; these are started at the same time, and the others
 * measured meanwhile, one after the other. All else is measured alone: latency and availability, many tenants at once, and the outage,
 * which takes the model away from everyone.
 */
const MISBEHAVING_MODEL = {
  waiting: ['hungModel', 'hungPage', 'slowModel', 'callerLeaves', 'cutNarrative'],
  meanwhile: [
    'rejectingModel',
    'degradedModel',
    'throttlingModel',
    'recoveringModel',
    'brokenModel',
  ],
};

export default defineConfig<object, WorkerOptions & SelfcheckOptions>({
  testDir: './e2e',
  // Unit tests, which stand beside the code, are node:test's.
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/globalSetup.ts',
  outputDir: `${reportDir}/test-results`,
  forbidOnly: readVariable(process.env, 'CI') !== undefined,
  // Measuring bears no company: one worker, no second try, no tracing, no video.
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
    // A test here lasts as long as its workload, which its fixture bounds.
    {
      name: 'perf',
      testDir: './e2e/perf',
      timeout: 60_000,
      use: { situations: MISBEHAVING_MODEL },
    },
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
      use: { situations: MISBEHAVING_MODEL },
    },
    // A planted defect for most verdicts, in minutes.
    {
      name: 'selfcheck-brief',
      testDir: './e2e/selfcheck',
      grep: /@brief/,
      timeout: 10 * 60_000,
      use: { situations: MISBEHAVING_MODEL, brief: true },
    },
    // What measuring itself costs, as a table.
    { name: 'costs', testDir: './e2e/costs', timeout: 5 * 60_000 },
  ],
});
