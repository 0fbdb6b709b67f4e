import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { deriveScope, deriveSeed, harnessTimes } from './recordWorkload.ts';

test('a scope depends on run and workload, a seed on the workload alone', () => {
  const scopes = [deriveScope('run-1', 'a'), deriveScope('run-1', 'b'), deriveScope('run-2', 'a')];
  assert.equal(new Set(scopes).size, 3);
  for (const scope of scopes) assert.match(scope, /^[0-9a-f]{8}$/);
  assert.equal(deriveScope('run-1', 'a'), scopes[0]);
  assert.ok(Number.isInteger(deriveSeed('a')) && deriveSeed('a') !== deriveSeed('b'));
});

test('the record says how late requests were sent and the model answered', () => {
  const requests = [0, 1, 2, 3, 4].map((index) => requestOf(index, { lateMs: index }));
  const foreign = requestOf(5, { workload: 'other', scope: '00000000', lateMs: 99 });
  const modelCalls = [
    modelCallOf(0, { lateMs: -1 }),
    modelCallOf(1, { lateMs: 3 }),
    modelCallOf(2, { lateMs: null }),
    modelCallOf(5, { scope: '00000000', lateMs: 99 }),
  ];
  const record = recordOf([], { requests: [...requests, foreign], modelCalls });
  assert.deepEqual(harnessTimes('baseline', record), {
    lateP50Ms: 2,
    lateP99Ms: 4,
    modelLateP99Ms: 3,
  });
});

test('without requests or calls their lateness is unknown', () => {
  assert.deepEqual(harnessTimes('baseline', recordOf([])), {
    lateP50Ms: null,
    lateP99Ms: null,
    modelLateP99Ms: null,
  });
});
