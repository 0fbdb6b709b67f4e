import { defineConfig } from '@playwright/test';
import { browserLaunch } from './e2e/fixtures/browserLaunch.ts';

const reportDir = process.env.PERF_REPORT_DIR ?? 'perf-report';
const countsFile = process.env.PERF_COUNTS_FILE;

export default defineConfig({
  testDir: './e2e',
  globalSetup: './e2e/fixtures/globalSetup.ts',
  outputDir: 'test-results',
  forbidOnly: process.env.CI !== undefined,
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
  reporter: [
    ['list'],
    ['html', { outputFolder: `${reportDir}/playwright`, open: 'never' }],
    ...(countsFile === undefined ? [] : [['json', { outputFile: countsFile }] as const]),
    ['./e2e/reporter/index.ts'],
  ],
  projects: [
    { name: 'smoke', testDir: './e2e/smoke', timeout: 30_000 },
    // A test here lasts as long as its workload, which its fixture bounds.
    { name: 'perf', testDir: './e2e/perf', timeout: 60_000 },
    { name: 'selfcheck', testDir: './e2e/selfcheck', timeout: 5 * 60_000 },
  ],
});
