import { randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CountsFormat } from './testCounts.ts';
import { ROOT, TOOLS, type Tool } from './tools.ts';

/** One part of `npm test` or `npm run test:all`. */
export type TestStep = {
  name: string;
  command: Tool;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  counts: CountsFormat;
  needsBrowser: boolean;
};

/** A step that counts its tests writes the counts here. */
export const COUNTS_FILE = join(tmpdir(), `harness-counts-${randomUUID()}.json`);

/** The name of a test file decides where it runs. `npm test` runs those that need no browser and take at most 5 s each. */
const UNIT_TESTS = '{e2e,mocks}/**/*.test.ts';
const SLOW_TESTS = '{e2e,mocks}/**/*.slow.test.ts';
const BROWSER_TESTS = '{e2e,mocks}/**/*.browser.test.ts';

/** By default Node leaves one core free. On two cores it would run one file at a time, although most tests only wait. */
const FILES_AT_ONCE = 2;

/** An error about this path tells the reader what to do. */
const NO_BROWSER = '/name-a-test-that-opens-a-browser/some.browser.test.ts';

const DENO_PLAYWRIGHT: Tool = [...TOOLS.deno, 'run', '-A', 'npm:@playwright/test/cli'];

/** The steps of `npm test` or, with `all`, of `npm run test:all`. Those that find most in the least time come first. */
export function testSteps({ all }: { all: boolean }): TestStep[] {
  const shortPerf = ['--project=perf', 'e2e/perf/wholeRun.spec.ts'];
  const denoPerf = onDeno(project('perf (Deno)', shortPerf, 'perf-report-deno'));
  const fast = [
    // `biome ci` would colour its output even into a file.
    check('format', [...TOOLS.biome, 'check', '--linter-enabled=false', '--assist-enabled=false']),
    check('lint', [...TOOLS.biome, 'check', '--formatter-enabled=false', '--error-on-warnings']),
    check('types', TOOLS.tsc),
    fastUnitTests(),
    project('smoke', ['--project=smoke'], 'perf-report-smoke'),
  ];
  if (!all) return [...fast, project('perf (short)', shortPerf, 'perf-report-short'), denoPerf];
  // The specs of the known gaps that SalesTalk has today.
  const knownGaps = ['--project=perf', 'timeoutBehavior', 'backoffBehavior', 'degradedAnswers'];
  const shortLoad = ['--project=load', 'e2e/load/fiveTenants.spec.ts'];
  // The shortest test of a project that takes minutes.
  const repeatVisit = ['e2e/experience/repeatVisit.spec.ts', '--grep=on a desktop'];
  const shortExperience = ['--project=experience', ...repeatVisit];
  return [
    ...fast,
    unitTests('unit (slow)', [SLOW_TESTS], FILES_AT_ONCE),
    // These tests measure, so they run one at a time.
    unitTests('unit (browser)', [BROWSER_TESTS], 1),
    project('perf', ['--project=perf'], 'perf-report'),
    project('perf (known gaps)', knownGaps, 'perf-report-today', 'local-today'),
    project('load', ['--project=load'], 'perf-report-load'),
    // One planted defect for most verdicts; `npm run selfcheck` plants all defects.
    project('selfcheck', ['--project=selfcheck-brief'], 'perf-report-selfcheck'),
    onDeno(project('smoke (Deno)', ['--project=smoke'], 'perf-report-deno-smoke')),
    denoPerf,
    onDeno(project('load (Deno)', shortLoad, 'perf-report-deno-load')),
    onDeno(project('experience (Deno)', shortExperience, 'perf-report-deno-experience')),
  ];
}

function check(name: string, command: Tool): TestStep {
  return { name, command, counts: 'status', needsBrowser: false };
}

function fastUnitTests(): TestStep {
  // node --test has no option that excludes files.
  const files = globSync(UNIT_TESTS, { cwd: ROOT, exclude: [SLOW_TESTS, BROWSER_TESTS] });
  const step = unitTests('unit', files, FILES_AT_ONCE);
  return { ...step, env: { ...step.env, PERF_BROWSER: NO_BROWSER }, needsBrowser: false };
}

function unitTests(name: string, files: string[], filesAtOnce: number): TestStep {
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=./e2e/commands/testCounts.ts'],
    `--test-reporter-destination=${COUNTS_FILE}`,
  ];
  return {
    name,
    command: [...TOOLS.node, '--test', `--test-concurrency=${filesAtOnce}`, ...reporters, ...files],
    // Each file runs in a process of its own, which would compile the same modules again.
    env: { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node') },
    counts: 'node:test',
    needsBrowser: true,
  };
}

function project(name: string, args: string[], reportDir: string, target = 'local'): TestStep {
  return {
    name,
    command: [...TOOLS.playwright, 'test', ...args],
    // The tests check the harness, so they must not drive the target that the shell names.
    env: {
      SALESTALK_TARGET: target,
      PERF_REPORT_DIR: reportDir,
      PERF_COUNTS_FILE: COUNTS_FILE,
      DENO_NO_UPDATE_CHECK: '1',
    },
    counts: 'playwright',
    needsBrowser: true,
  };
}

function onDeno(step: TestStep): TestStep {
  return { ...step, command: [...DENO_PLAYWRIGHT, ...step.command.slice(TOOLS.playwright.length)] };
}
