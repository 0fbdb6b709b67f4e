import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFakes } from '../../testing/withFakes.ts';
import { plainUse, runUses } from './runUses.ts';

test('one use follows the other, those that warm up first', async () => {
  await withFakes({}, async ({ run }) => {
    let underWay = 0;
    const uses = {
      name: 'visits',
      operation: 'page',
      warmUps: 2,
      most: 7,
      serves: () => false,
      model: [],
      use: async ({ index }: { index: number }) => {
        underWay += 1;
        await Promise.resolve();
        assert.equal(underWay, 1);
        underWay -= 1;
        return plainUse({ sentAtMs: 1 + index, values: {} });
      },
    };
    await runUses(uses, run);
    const { requests } = run.record.read();
    assert.deepEqual(
      requests.map(({ index, warmUp }) => [index, warmUp]),
      Array.from({ length: 9 }, (_, index) => [index, index < 2]),
    );
  });
});
