import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelCallOf, recordOf, requestOf } from '../core/testing/recordOf.ts';
import { harnessTimes } from './recordWorkload.ts';

test('says how late requests of the workload left, and the model was', () => {
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

test('without requests or calls it is unknown how late they were', () => {
  assert.deepEqual(harnessTimes('baseline', recordOf([])), {
    lateP50Ms: null,
    lateP99Ms: null,
    modelLateP99Ms: null,
  });
});
