import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveEvents } from '../../metrics/deriveEvents.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { availability } from '../testing/objectives.ts';
import { recordOf, requestOf } from '../testing/recordOf.ts';
import { judgeRun } from './judgeRun.ts';
import { reasonForNoData } from './reasons.ts';

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

const contract = {
  ...availability,
  id: 'failures.contract',
  operation: 'failures',
  metric: METRICS.contract,
  fault: '*',
  objective: 0,
  allowedShare: 0,
  spans: true,
  workload: null,
} as const;
const CAME = 'not in the form of the contract; status 502, keys msg: {"msg":"no\u001b[2J"}';

const reasonOf = (checks: Record<string, boolean>, objection: string | null) => {
  const failed = { fault: 'brokenModel', status: 502, failure: 'status 502' };
  const requests = Array.from({ length: 80 }, (_, at) =>
    requestOf(at, {
      ...failed,
      checks: at < 4 ? { contract: true } : checks,
      objection: at < 4 ? 'of an answer that is not bad' : objection,
    }),
  );
  const record = recordOf([contract], { requests });
  return judgeRun(record, deriveEvents, { selected: [contract.id] }).judgements[0]?.reason ?? '';
};

test('what is missed by an answer shows the first that was bad, safe to print', () => {
  assert.match(
    reasonOf({ contract: false }, CAME),
    /; the first: not in the form of the contract; status 502, keys msg: \{"msg":"no \[2J"\}$/,
  );
  assert.doesNotMatch(reasonOf({ contract: false }, null), /the first/);
  assert.doesNotMatch(reasonOf({ contract: true }, CAME), /the first/);
});
