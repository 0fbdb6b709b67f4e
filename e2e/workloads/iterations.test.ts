import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latencyP95 } from '../core/testing/objectives.ts';
import { withFakes } from '../testing/withFakes.ts';
import { measureIterations, successfulSample } from './iterations.ts';

const VISITS = { ...latencyP95, operation: 'page', workload: 'visits', sampleBudget: 7 };

test('one iteration follows the other, those that warm up first', async () => {
  await withFakes({ objectives: [VISITS] }, async ({ context }) => {
    let underWay = 0;
    const visits = { name: 'visits', operation: 'page', warmUps: 2, model: [] };
    await measureIterations(visits, context, async () => async ({ index }) => {
      underWay += 1;
      await Promise.resolve();
      assert.equal(underWay, 1);
      underWay -= 1;
      return successfulSample({ sentAtMs: 1 + index, values: {} });
    });
    const { requests } = context.record.read();
    assert.deepEqual(
      requests.map(({ index, warmUp }) => [index, warmUp]),
      Array.from({ length: 9 }, (_, index) => [index, index < 2]),
    );
  });
});
