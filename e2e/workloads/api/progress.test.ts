import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { recordOf, requestOf } from '../../core/testing/recordOf.ts';
import { WORKLOAD } from '../../testing/withFakes.ts';
import { lookAt } from './look.ts';
import { progressOf } from './progress.ts';

/** How it stands after so many requests, of which the last ones failed. */
function progressAfter(objectives: Objective[], answered: number, failed: number) {
  const requests = Array.from({ length: answered + failed }, (_, index) =>
    requestOf(index, index < answered ? {} : { failure: 'status 500', values: {} }),
  );
  const record = recordOf(objectives, { requests });
  const workload = { ...WORKLOAD, serves: () => true };
  return progressOf(lookAt(workload, record, Number.POSITIVE_INFINITY));
}

const served = { ...latencyP95, sampleBudget: 600 };

test('what is clear is named, and of the rest what is furthest from it, with what is missing', () => {
  const { clear, note } = progressAfter([served, { ...availability, sampleBudget: 10 }], 20, 0);
  assert.deepEqual(clear, ['api.availability']);
  assert.match(note, /^classify\.latency\.p95: n = 20, about \d+ more to pass$/);
});

test('failed requests are counted: of a target that answers nothing there is nothing else to see', () => {
  assert.match(progressAfter([served], 0, 7).note, /: n = 0, 7 failed, /);
});

test('once all is clear there is nothing more to say', () => {
  assert.deepEqual(progressAfter([served], 300, 0), { clear: [served.id], note: '' });
});
