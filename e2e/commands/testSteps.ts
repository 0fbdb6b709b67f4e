import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { TestStep } from './testStep.ts';
import { ROOT, TOOLS, type Tool } from './tools.ts';

/** The name of a file says where it runs: the fast ones, which need no browser and at most 5 s each, are in `npm test`. */
const UNIT_TESTS = '{e2e,mocks}/**/*.test.ts';
const SLOW_TESTS = '{e2e,mocks}/**/*.slow.test.ts';
const BROWSER_TESTS = '{e2e,mocks}/**/*.browser.test.ts';

/** Left to itself, Node takes a core less than there are: one of two, though most tests wait. */
const FILES_AT_ONCE = 2;

/** What SalesTalk as it is today has gaps in. */
const KNOWN_GAPS_SPECS = ['timeoutBehavior', 'backoffBehavior', 'degradedAnswers'];

/** A name that says why, for whoever sees that this is no browser. */
const NO_BROWSER = '/name-a-test-that-opens-a-browser/some.browser.test.ts';

const DENO_PLAYWRIGHT: Tool = [...TOOLS.deno, 'run', '-A', 'npm:@playwright/test/cli'];

/**
 * What `npm test` runs, or, if `all`, `npm run test:all`, in this order: what tells most in the least time comes first.
 * `countsFile` is where a step that counts its tests puts the counts.
 */
export function testSteps(countsFile: string, { all }: { all: boolean }): TestStep[] {
  const fast = [
    // `biome ci` would colour its output even into a file.
    check('format', [...TOOLS.biome, 'check', '--linter-enabled=false', '--assist-enabled=false']),
    check('lint', [...TOOLS.biome, 'check', '--formatter-enabled=false', '--error-on-warnings']),
    check('types', TOOLS.tsc),
    fastUnitTests(),
    project('smoke', TOOLS.playwright, ['--project=smoke'], 'perf-report-smoke'),
  ];
  const shortPerf = ['--project=perf', 'e2e/perf/wholeRun.spec.ts'];
  const denoPerf = project('perf (Deno)', DENO_PLAYWRIGHT, shortPerf, 'perf-report-deno');
  if (!all) {
    return [
      ...fast,
      project('perf (short)', TOOLS.playwright, shortPerf, 'perf-report-short'),
      denoPerf,
    ];
  }
  return [
    ...fast,
    unitTests('unit (slow)', [SLOW_TESTS], { atOnce: FILES_AT_ONCE }),
    // They measure: what else the machine does shows in their figures.
    unitTests('unit (browser)', [BROWSER_TESTS], { atOnce: 1 }),
    project('perf', TOOLS.playwright, ['--project=perf'], 'perf-report'),
    project(
      'perf (known gaps)',
      TOOLS.playwright,
      ['--project=perf', ...KNOWN_GAPS_SPECS],
      'perf-report-today',
      'local-today',
    ),
    project('load', TOOLS.playwright, ['--project=load'], 'perf-report-load'),
    // One planted defect for most verdicts; `npm run selfcheck` plants them all.
    project('selfcheck', TOOLS.playwright, ['--project=selfcheck-brief'], 'perf-report-selfcheck'),
    project('smoke (Deno)', DENO_PLAYWRIGHT, ['--project=smoke'], 'perf-report-deno-smoke'),
    denoPerf,
    project(
      'load (Deno)',
      DENO_PLAYWRIGHT,
      ['--project=load', 'e2e/load/fiveTenants.spec.ts'],
      'perf-report-deno-load',
    ),
    // The shortest of a project that takes minutes.
    project(
      'experience (Deno)',
      DENO_PLAYWRIGHT,
      ['--project=experience', 'e2e/experience/repeatVisit.spec.ts', '--grep=at a desk'],
      'perf-report-deno-experience',
    ),
  ];

  function fastUnitTests(): TestStep {
    // The runner knows no pattern that leaves some out.
    const files = globSync(UNIT_TESTS, { cwd: ROOT, exclude: [SLOW_TESTS, BROWSER_TESTS] });
    const step = unitTests('unit', files, { atOnce: FILES_AT_ONCE });
    return { ...step, env: { ...step.env, PERF_BROWSER: NO_BROWSER }, needsBrowser: false };
  }

  function unitTests(name: string, files: string[], { atOnce }: { atOnce: number }): TestStep {
    const reporters = reportersOfUnitTests(countsFile);
    return {
      name,
      command: [...TOOLS.node, '--test', `--test-concurrency=${atOnce}`, ...reporters, ...files],
      // Each file is a process of its own, which would read the same modules anew.
      env: { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'node') },
      counts: 'node:test',
      needsBrowser: true,
    };
  }

  function project(
    name: string,
    runner: Tool,
    args: string[],
    reportDir: string,
    target = 'local',
  ): TestStep {
    return {
      name,
      command: [...runner, 'test', ...args],
      // The tests prove the harness; whatever target the shell names is not theirs to drive.
      env: {
        SALESTALK_TARGET: target,
        PERF_REPORT_DIR: reportDir,
        PERF_COUNTS_FILE: countsFile,
        DENO_NO_UPDATE_CHECK: '1',
      },
      counts: 'playwright',
      needsBrowser: true,
    };
  }
}

function check(name: string, command: Tool): TestStep {
  return { name, command, counts: 'status', needsBrowser: false };
}

function reportersOfUnitTests(countsFile: string): string[] {
  return [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./e2e/commands/reportCounts.ts',
    `--test-reporter-destination=${countsFile}`,
  ];
}
