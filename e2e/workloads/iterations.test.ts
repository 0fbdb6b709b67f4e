import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { withFakes } from '../testing/withFakes.ts';
import { measureIterations } from './iterations.ts';

const VISITS = { ...latencyP95, operation: 'page', workload: 'visits', sampleBudget: 7 };

test('iterations follow one another, warm-ups first', async () => {
  await withFakes({ objectives: [VISITS] }, async ({ context }) => {
    let underWay = 0;
    const visits = { name: 'visits', operation: 'page', warmUps: 2, model: [] };
    await measureIterations(visits, context, async () => async ({ index }) => {
      underWay += 1;
      await Promise.resolve();
      assert.equal(underWay, 1);
      underWay -= 1;
      return { type: 'start', sentAtMs: 1 + index, failure: null, values: {} };
    });
    const { samples } = context.record.read();
    assert.deepEqual(
      samples.map(({ index, warmUp }) => [index, warmUp]),
      Array.from({ length: 9 }, (_, index) => [index, index < 2]),
    );
  });
});
