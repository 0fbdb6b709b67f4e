import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  errorMs,
  judgeTruth,
  OURS,
  type QuantileErrors,
  quantileErrors,
  shareOfAllowance,
  type TruthRow,
} from './truth.ts';

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

test('ours is near the truth, and no peer nearer by more than the spread', () => {
  const ours = row(OURS, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours, row('k6', [0.35, 0.3, 0.4])), [true, true]);
  assert.deepEqual(judged(ours, row('k6', [0.1, 0.12, 0.11])), [true, false]);
  // An error of the other sign is no smaller.
  assert.deepEqual(judged(ours, row('k6', [-0.6, -0.6, -0.6])), [true, true]);
  assert.deepEqual(judged(row(OURS, [1.4, 1.2, 0.9]), row('k6', [2, 2, 2])), [false, true]);
});

test('another reading of ours is no peer', () => {
  const ours = [row(OURS, [0.4, 0.6, 0.5]), row('ours, service time', [0, 0, 0])];
  assert.deepEqual(judged(...ours), [true, null]);
});

test('where ours failed, both goals are unknown', () => {
  const ours = row(OURS, [0.1, null], ['it broke']);
  assert.deepEqual(judged(ours, row('k6', [2, 2])), [null, null]);
});

test('a single run has no spread, so the comparison with peers is unknown', () => {
  assert.deepEqual(judged(row(OURS, [0.1]), row('k6', [0.3])), [true, null]);
});

test('without a measured peer, the comparison with peers is unknown', () => {
  const ours = row(OURS, [0.4, 0.6, 0.5]);
  assert.deepEqual(judged(ours), [true, null]);
  assert.deepEqual(judged(ours, row('k6', [null, null, null], ['failed'])), [true, null]);
});

test('each reported quantile stands beside that of the log; one that is not reported is null', () => {
  const log = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual(quantileErrors({ p50: 51, p95: null, p99: 98 }, log), {
    p50: { reportedMs: 51, truthMs: 50 },
    p95: null,
    p99: { reportedMs: 98, truthMs: 99 },
  });
  assert.equal(errorMs({ reportedMs: 98, truthMs: 99 }), -1);
});

test('the allowance is a millisecond or one percent, whichever is more', () => {
  assert.equal(shareOfAllowance({ reportedMs: 50.5, truthMs: 50 }), 0.5);
  assert.equal(shareOfAllowance({ reportedMs: 49, truthMs: 50 }), 1);
  assert.equal(shareOfAllowance({ reportedMs: 408, truthMs: 400 }), 2);
});
