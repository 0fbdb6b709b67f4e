import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { gapGrowth, retried } from '../report/charts/testing/faultObjectives.ts';
import { RETRY_GAP, recordRetries } from '../report/testing/recordRetries.ts';
import { closedGapMessage } from './budgetMessage.ts';
import { judgeMeasured } from './judgeMeasured.ts';

const IDS = [retried.id, gapGrowth.id];

test('an open gap admits a miss only if the budget lists it', () => {
  const result = judgeMeasured(retried.id, recordRetries([0]), IDS);
  assert.ok(result.kind === 'judged' && result.gap !== null);
  const { state, missed, release, impact } = result.gap;
  assert.deepEqual(
    { state, missed, release, impact },
    { state: 'open', missed: [retried.id], release: 'v1.2', impact: 'medium' },
  );
  assert.match(result.gap.observed, /^brokenModel\.retried: 0 % .*20 of 20 were not tried again/);
  const otherGap = { ...RETRY_GAP, id: 'rate-limit' };
  const unlisted = judgeMeasured(retried.id, recordRetries([0], [otherGap]), IDS);
  assert.ok(unlisted.kind === 'judged' && unlisted.gap === null);
});

test('an objective without data because of another miss is excused', () => {
  const result = judgeMeasured(gapGrowth.id, recordRetries([0]), IDS);
  assert.deepEqual(result, {
    kind: 'excused',
    reason: 'there was nothing to measure, since brokenModel.retried is not met',
  });
});

test('the message for a closed gap names the entry to remove and its file', () => {
  const record = recordRetries([0, 110, 320]);
  const result = judgeMeasured(retried.id, record, IDS);
  assert.ok(result.kind === 'judged' && result.gap !== null);
  assert.equal(result.gap.state, 'closed');
  const message = closedGapMessage(result, result.gap, {
    target: 'local-today',
    command: 'npx playwright test --grep "x"',
  });
  assert.equal(
    stripVTControlCharacters(message),
    `expect(measured).toMeetBudget('brokenModel.retried') failed

Objective: broken model retried: every one
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
  const part = judgeMeasured(retried.id, record, [retried.id]);
  assert.ok(part.kind === 'judged' && part.gap?.state === 'notMeasured');
});
