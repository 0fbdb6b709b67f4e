import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { RunRecord } from '../core/record/runRecord.ts';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { gapGrowth, retried } from '../report/charts/testing/faultObjectives.ts';
import { closedGapMessage } from './budgetMessage.ts';
import { judgeMeasured } from './judgeMeasured.ts';

const GAP = { id: 'retry-backoff', what: 'retries', release: 'v1.2', impact: 'medium' };

/** Twenty requests under a fault, each with calls of the model at these times. */
function recordWith(...callsAtMs: number[]): RunRecord {
  const indices = Array.from({ length: 20 }, (_, at) => at);
  const record = recordOf([retried, gapGrowth], {
    requests: indices.map((at) =>
      requestOf(at, { workload: 'brokenModel', fault: 'brokenModel', status: 502, failure: '502' }),
    ),
    modelCalls: indices.flatMap((index) =>
      callsAtMs.map((ms, at) =>
        modelCallOf(index, {
          attempt: at + 1,
          arrivedAtMs: 1_800_000_000_000 + ms,
          endedMs: 10,
          status: 503,
          fault: 'status',
        }),
      ),
    ),
  });
  record.run.knownGaps = [GAP];
  return record;
}

const IDS = [retried.id, gapGrowth.id];

test('only an open gap that the budget lists admits a miss', () => {
  const record = recordWith(0);
  const result = judgeMeasured(retried.id, record, IDS);
  assert.ok(result.kind === 'judged' && result.gap !== null);
  const { state, missed, release, impact } = result.gap;
  assert.deepEqual(
    { state, missed, release, impact },
    { state: 'open', missed: [retried.id], release: 'v1.2', impact: 'medium' },
  );
  assert.match(result.gap.observed, /^brokenModel\.retried: 0 % .*20 of 20 were not tried again/);
  record.run.knownGaps = [{ ...GAP, id: 'rate-limit' }];
  const unlisted = judgeMeasured(retried.id, record, IDS);
  assert.ok(unlisted.kind === 'judged' && unlisted.gap === null);
});

test('an objective without data because of another miss is excused', () => {
  const result = judgeMeasured(gapGrowth.id, recordWith(0), IDS);
  assert.deepEqual(result, {
    kind: 'excused',
    reason: 'there was nothing to measure, since brokenModel.retried is not met',
  });
});

test('the message for a closed gap names the entry to remove', () => {
  const result = judgeMeasured(retried.id, recordWith(0, 110, 320), IDS);
  assert.ok(result.kind === 'judged' && result.gap !== null);
  assert.equal(result.gap.state, 'closed');
  const message = closedGapMessage(result, result.gap, {
    target: 'local-today',
    command: 'npx playwright test --grep "x"',
  });
  assert.equal(
    stripVTControlCharacters(message),
    `expect(measured).toMeetBudget('brokenModel.retried') failed

Objective: brokenModel retried: every one
Verdict:   pass, but its gap is listed
Estimate:  100 % [86.1, 100] at 95 % confidence
Measured:  n = 20, 0 bad, 20 failed
Because:   budgets/local-today.json lists "retry-backoff" (retries, planned for v1.2) as a known gap,
           but every objective of it is met: the gap is closed

What to do next:
  - Remove the entry with "id": "retry-backoff" from knownGaps in budgets/local-today.json: from then on
    a miss fails the run.
  - Run it again:
    npx playwright test --grep "x"
`,
  );
  const inherited = { ...result.gap, inheritedFrom: 'budgets/common.json' };
  const place = /json lists "[\s\S]*from knownGaps in budgets\/common\.json: from/;
  assert.match(closedGapMessage(result, inherited, { target: 'local', command: '' }), place);
  const part = judgeMeasured(retried.id, recordWith(0, 110, 320), [retried.id]);
  assert.ok(part.kind === 'judged' && part.gap?.state === 'notMeasured');
});
