import type { Tool } from './tools.ts';

/** One part of `npm test` or `npm run test:all`: a program, and where the number of its tests is to be learnt. */
export type TestStep = {
  name: string;
  command: Tool;
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  /** `status`: the program is one test, passed when it ends with 0. The others leave their counts in a file. */
  counts: 'status' | 'node:test' | 'playwright';
  needsBrowser: boolean;
};

/** How a step ended. */
export type StepOutcome = {
  passed: number;
  failed: number;
  skipped: number;
  /** What was wrong with the step itself, beside tests that failed; null when nothing was. */
  problem: string | null;
  /** The tests that failed, each with what it said. */
  failures: FailedTest[];
  /** Files that took longer than a fast unit test may. */
  slowFiles: SlowFile[];
};

/** `message`: the first lines of what it failed with, without colours. */
export type FailedTest = { title: string; message: string };

/** `seconds`: of all its tests together, by the clock. */
export type SlowFile = { file: string; seconds: number };
