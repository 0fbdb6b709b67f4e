import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFakes } from '../testing/withFakes.ts';
import { runIterations, successfulSample } from './iterations.ts';

test('one use follows the other, those that warm up first', async () => {
  await withFakes({}, async ({ run }) => {
    let underWay = 0;
    const iterations = {
      name: 'visits',
      operation: 'page',
      warmUps: 2,
      maxIterations: 7,
      serves: () => false,
      model: [],
      measureOne: async ({ index }: { index: number }) => {
        underWay += 1;
        await Promise.resolve();
        assert.equal(underWay, 1);
        underWay -= 1;
        return successfulSample({ sentAtMs: 1 + index, values: {} });
      },
    };
    await runIterations(iterations, run);
    const { requests } = run.record.read();
    assert.deepEqual(
      requests.map(({ index, warmUp }) => [index, warmUp]),
      Array.from({ length: 9 }, (_, index) => [index, index < 2]),
    );
  });
});
