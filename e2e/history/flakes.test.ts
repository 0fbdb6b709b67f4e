import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallestToPass } from '../core/statistics/sampleSize.ts';
import { flakesOf } from './flakes.ts';
import type { HistoryEntry } from './historyEntry.ts';
import { commitOf, ENVIRONMENT, nightOf } from './testing/nightOf.ts';

const TESTS = Array.from({ length: 60 }, (_, at) => `perf/a.spec.ts › test ${at}`);

type Outcome = HistoryEntry['executions'][number]['outcome'];
type Fails = (night: number, test: number) => boolean;

const executionsOf = (night: number, fails: Fails = () => false) =>
  TESTS.map((test, at): { test: string; outcome: Outcome } => ({
    test,
    outcome: fails(night, at) ? 'failed' : 'passed',
  }));

/** Two nights for each commit. */
const historyOf = (fails?: Fails, parts: Partial<HistoryEntry> = {}) =>
  Array.from({ length: 40 }, (_, night) => {
    const commit = commitOf(night >> 1);
    return nightOf(night, { commit, executions: executionsOf(night, fails), ...parts });
  });

test('one flaky test of 60 is found, with its rate', () => {
  const { tests, ...found } = flakesOf(historyOf((night, at) => at === 7 && night % 8 === 3));
  assert.deepEqual(tests, [{ test: TESTS[7], executions: 40, flakes: 5 }]);
  const { executions, flakes, verdict, interval } = found;
  assert.deepEqual(
    { executions, flakes, verdict },
    { executions: 2400, flakes: 5, verdict: 'pass' },
  );
  const [lower, upper] = interval;
  assert.ok((lower ?? 0) < 5 / 2400 && 5 / 2400 < (upper ?? 0) && (upper ?? 1) < 0.01);
});

test('a history without flakes has none, nor has one in which a test broke with a commit', () => {
  for (const fails of [() => false, (night: number, at: number) => at === 7 && night >= 20]) {
    const { flakes, executions, tests } = flakesOf(historyOf(fails));
    assert.deepEqual({ flakes, executions, tests }, { flakes: 0, executions: 2400, tests: [] });
  }
});

test('the rarer outcome is the flake: a test that fails at a commit and passes once', () => {
  const entries = Array.from({ length: 5 }, (_, night) =>
    nightOf(night, { commit: 'abc', executions: executionsOf(night, () => night !== 2) }),
  );
  assert.equal(flakesOf(entries).flakes, 60);
});

test('a rate above 1 % fails, whether the flakes come in several nights or in one', () => {
  const { verdict } = flakesOf(historyOf((night, at) => at % 20 === 7 && night % 2 === 1));
  assert.equal(verdict, 'fail');
  assert.equal(flakesOf(historyOf((night) => night === 3)).verdict, 'fail');
});

test('only executions at the same commit, target and environment are compared', () => {
  const fails = (night: number) => night % 2 === 1;
  for (const parts of [
    { commit: null },
    { commit: `${commitOf(1)}+changes` },
    { environment: null },
  ]) {
    assert.equal(flakesOf(historyOf(fails, parts)).executions, 0);
  }
  const other = { ...ENVIRONMENT, fingerprint: 'ffffffff' };
  for (const parts of [{ commit: 'def' }, { target: 'local' }, { environment: other }]) {
    const executions = executionsOf(0);
    const failed = executionsOf(1, () => true);
    const first = nightOf(0, { commit: 'abc', executions });
    const second = nightOf(1, { commit: 'abc', executions: failed, ...parts });
    assert.equal(flakesOf([first, second]).executions, 0);
  }
});

test('a rate below 1 % takes as many executions as the test of a share, and more with a flake', () => {
  const few = historyOf().slice(0, 2);
  const { executions, verdict, needed } = flakesOf(few);
  assert.deepEqual([executions, verdict], [120, 'inconclusive']);
  assert.equal(needed, smallestToPass({ allowedShare: 0.01, passAlpha: 0.05 }));
  const flaky = historyOf((night, at) => night === 1 && at === 0);
  assert.ok(flakesOf(flaky.slice(0, 2)).needed > needed);
  // Six nights have 360 executions.
  assert.equal(flakesOf(historyOf().slice(0, 6)).verdict, 'pass');
  assert.equal(flakesOf(flaky.slice(0, 6)).verdict, 'inconclusive');
});

test('an empty history shows no rate', () => {
  const { executions, interval, verdict } = flakesOf([]);
  assert.deepEqual(
    { executions, interval, verdict },
    {
      executions: 0,
      interval: [null, null],
      verdict: 'inconclusive',
    },
  );
});
