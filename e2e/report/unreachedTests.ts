import { stripVTControlCharacters } from 'node:util';
import type { TestCase } from '@playwright/test/reporter';
import type { NotMeasured } from '../core/verdict/judgeRun.ts';
import { declaredObjectives } from './declaredObjectives.ts';
import { endingOf } from './otherFailures.ts';

/** What came of the tests that did not come to their end, through no doing of the system under test. */
export type Unreached = {
  /** Why the run is not a whole one; null where every test came to its end. */
  reason: string | null;
  /** Objectives of these tests: without data they were not measured, rather than missed. */
  objectives: NotMeasured[];
};

const WORKER_LOST = /worker process exited unexpectedly/;

/** @param maxFailures of the configuration, 0 where a run goes on whatever fails */
export function findUnreached(tests: TestCase[], maxFailures: number): Unreached {
  const found = tests.flatMap((test) => {
    const why = whyUnreached(test);
    return why === null ? [] : [{ test, why }];
  });
  if (found.length === 0) return { reason: null, objectives: [] };
  const isStopped = maxFailures > 0 && found.some(({ why }) => why === ENDED_EARLY);
  const stop = isStopped ? `the run stopped early (--max-failures=${maxFailures}): ` : '';
  return {
    reason: `${stop}${found.length} of ${tests.length} ${tests.length === 1 ? 'test' : 'tests'} did not come to an end`,
    objectives: found.flatMap(({ test, why }) =>
      declaredObjectives(test).map((id) => ({ id, reason: `not reached: ${why}` })),
    ),
  };
}

const ENDED_EARLY = 'the run ended early';

function whyUnreached(test: TestCase): string | null {
  const last = test.results.at(-1);
  if (last === undefined || last.status === 'interrupted') return ENDED_EARLY;
  if (last.errors.some(({ message = '' }) => WORKER_LOST.test(stripVTControlCharacters(message)))) {
    return 'the process of its test ended';
  }
  if (last.status !== 'skipped') return test.outcome() === 'unexpected' ? endingOf(test) : null;
  // A test that skips itself says so; one that Playwright leaves out after a failure does not.
  const isOnPurpose = [...test.annotations, ...last.annotations].some(
    ({ type }) => type === 'skip' || type === 'fixme',
  );
  return isOnPurpose ? null : 'its test was left out after another failure';
}
