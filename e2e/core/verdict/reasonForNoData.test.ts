import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonForNoData } from './reasonForNoData.ts';

test('says what became of what should have been judged', () => {
  const none = { events: [], failed: 0, missing: 0 };
  assert.equal(reasonForNoData(none), 'no data: nothing was measured');
  assert.equal(
    reasonForNoData({ ...none, failed: 1200, firstFailure: 'status 500', missing: 1 }),
    'no data: 1,200 requests failed (the first: status 500), 1 request lacks what it takes to judge it',
  );
  assert.equal(
    reasonForNoData({ ...none, failed: 1, missing: 2 }, 'uses'),
    'no data: 1 use failed, 2 uses lack what it takes to judge them',
  );
});

test('what a target answered is kept short and harmless', () => {
  const firstFailure = `status 500\n::error::\u001b[31m${'x'.repeat(200)}`;
  const reason = reasonForNoData({ events: [], failed: 2, firstFailure, missing: 0 });
  assert.ok(reason.length < 180, reason);
  assert.doesNotMatch(reason, /\p{C}/u);
});
