import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { TestStep } from './testStep.ts';
import { ROOT, TOOLS, type Tool } from './tools.ts';

const UNIT_TESTS = ['e2e/**/*.test.ts', 'mocks/**/*.test.ts'];

/** Those that measure in a browser: what else the machine does shows in their figures, so they run one by one. */
const TESTS_OF_PAGES = [
  'e2e/probes/{page,lighthouse,cpu,heap,trace}/**/*.test.ts',
  'e2e/fixtures/{page,diagnosis}/**/*.test.ts',
  'mocks/salestalk/defects/page/**/*.test.ts',
];

/** Left to itself, Node takes a core less than there are: one of two, though most tests wait. */
const FILES_AT_ONCE = 2;

/** What SalesTalk as it is today has gaps in. */
const KNOWN_GAPS_SPECS = ['timeoutBehavior', 'backoffBehavior', 'degradedAnswers'];

const DENO_PLAYWRIGHT: Tool = [...TOOLS.deno, 'run', '-A', 'npm:@playwright/test/cli'];

/**
 * What `npm test` runs, in this order: what tells most in the least time comes first.
 * `countsFile` is where a step that counts its tests puts the counts.
 */
export function testSteps(countsFile: string): TestStep[] {
  return [
    // `biome ci` would colour its output even into a file.
    check('format', [...TOOLS.biome, 'check', '--linter-enabled=false', '--assist-enabled=false']),
    check('lint', [...TOOLS.biome, 'check', '--formatter-enabled=false', '--error-on-warnings']),
    check('types', TOOLS.tsc),
    unitTests('unit', allBut(TESTS_OF_PAGES), FILES_AT_ONCE),
    unitTests('unit (pages)', TESTS_OF_PAGES, 1),
    project('smoke', TOOLS.playwright, ['--project=smoke'], 'perf-report-smoke'),
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
    project(
      'selfcheck',
      TOOLS.playwright,
      ['--project=selfcheck', '--grep=@brief'],
      'perf-report-selfcheck',
    ),
    project('smoke (Deno)', DENO_PLAYWRIGHT, ['--project=smoke'], 'perf-report-deno-smoke'),
    project(
      'perf (Deno)',
      DENO_PLAYWRIGHT,
      ['--project=perf', 'e2e/perf/wholeRun.spec.ts'],
      'perf-report-deno',
    ),
    project(
      'load (Deno)',
      DENO_PLAYWRIGHT,
      ['--project=load', 'e2e/underLoad/fiveTenants.spec.ts'],
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

  function unitTests(name: string, files: string[], atOnce: number): TestStep {
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

/** The files of all other unit tests: the runner knows no pattern that leaves some out. */
function allBut(left: string[]): string[] {
  return globSync(UNIT_TESTS, { cwd: ROOT, exclude: left });
}

function reportersOfUnitTests(countsFile: string): string[] {
  return [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./e2e/commands/reportCounts.ts',
    `--test-reporter-destination=${countsFile}`,
  ];
}
