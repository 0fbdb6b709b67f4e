import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeTruth, OURS } from './judgeTruth.ts';
import type { QuantileErrors } from './quantileErrors.ts';
import type { TruthRow } from './truth.ts';

const TRUTH_MS = 50;

/** A client whose quantiles are all off by these errors, in ms, one a round. */
function row(client: string, errorsMs: (number | null)[], errors: string[] = []): TruthRow {
  const results = errorsMs.map((ms): QuantileErrors | null => {
    if (ms === null) return null;
    const error = { reportedMs: TRUTH_MS + ms, truthMs: TRUTH_MS };
    return { p50: error, p95: error, p99: error };
  });
  return { delayName: 'constant, 50 ms', client, turns: { name: client, results, errors } };
}

function judged(...rows: TruthRow[]): (boolean | null)[] {
  return judgeTruth(rows).map(({ isReached }) => isReached);
}

test('near the truth, and no peer nearer by more than the spread', () => {
  const ours = row(OURS, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours, row('k6', [0.35, 0.3, 0.4])), [true, true]);
  assert.deepEqual(judged(ours, row('k6', [0.1, 0.12, 0.11])), [true, false]);
  // On the other side of the truth is no nearer.
  assert.deepEqual(judged(ours, row('k6', [-0.6, -0.6, -0.6])), [true, true]);
  assert.deepEqual(judged(row(OURS, [1.4, 1.2, 0.9]), row('k6', [2, 2, 2])), [false, true]);
});

test('a reading of ours is no peer of ours', () => {
  const ours = [row(OURS, [0.4, 0.6, 0.5]), row('ours, service time', [0, 0, 0])];
  assert.deepEqual(judged(...ours), [true, null]);
});

test('where ours failed, nothing is known', () => {
  const ours = row(OURS, [0.1, null], ['it broke']);
  assert.deepEqual(judged(ours, row('k6', [2, 2])), [null, null]);
});

test('a single run has no spread to be within', () => {
  assert.deepEqual(judged(row(OURS, [0.1]), row('k6', [0.3])), [true, null]);
});

test('where no peer was measured, none is said to be no closer', () => {
  const ours = row(OURS, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours), [true, null]);
  assert.deepEqual(judged(ours, row('k6', [null, null, null], ['failed'])), [true, null]);
});
