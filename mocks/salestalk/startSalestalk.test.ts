import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from './startSalestalk.ts';
import { testSalestalk } from './testing/testSalestalk.ts';

test('a collection frees unreachable objects and keeps the others', () => {
  const collect = collectGarbage();
  const usedBytes = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const beforeBytes = usedBytes();
  let held: object[] | null = Array.from({ length: 200_000 }, (_, index) => ({ index }));
  const heldBytes = usedBytes() - beforeBytes;
  assert.ok(heldBytes > 200_000 * 8, `${held.length} objects take ${heldBytes} bytes`);
  held = null;
  const leftBytes = usedBytes() - beforeBytes;
  assert.ok(leftBytes < heldBytes / 4, `${leftBytes} of ${heldBytes} bytes are left`);
});

/** Whether an unreachable object survives a reading of the metrics. */
async function outlivesReading(gcOnMetrics: boolean): Promise<boolean> {
  await using salestalk = await testSalestalk({ gcOnMetrics });
  const dropped = new WeakRef({});
  assert.equal((await fetch(`${salestalk.url}/metrics`)).status, 200);
  return dropped.deref() !== undefined;
}

test('with gcOnMetrics garbage is collected before the metrics are read', async () => {
  assert.equal(await outlivesReading(true), false);
  assert.equal(await outlivesReading(false), true);
});
