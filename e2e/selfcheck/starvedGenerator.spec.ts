import { loadOfBudget } from '../measurements.ts';
import { expect, test } from './fixtures.ts';
import { judgeVariant } from './judgeVariant.ts';
import { withSalesTalk } from './measureVariant.ts';

/** The thread is busy this long out of each period, and sends nothing meanwhile. */
const BUSY = { forMs: 700, everyMs: 800 };

/** Blocks the generator's own thread until disposed of. */
function starve(): Disposable {
  const timer = setInterval(() => {
    const endMs = performance.now() + BUSY.forMs;
    while (performance.now() < endMs);
  }, BUSY.everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

test.describe('A generator without CPU', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => run.target.name !== 'local',
    'the embedded SalesTalk alone is put under it',
  );

  test('A generator that sends late makes the verdict inconclusive, with the reason, and SalesTalk misses nothing', {
    tag: '@brief',
  }, async ({ measuring }) => {
    const record = await withSalesTalk([], measuring, (measureRecord) =>
      measureRecord('starved-generator', async (context) => {
        using _ = starve();
        await loadOfBudget('fiveTenants').measure(context);
      }),
    );
    const { red, all } = judgeVariant(record, {
      suites: ['fiveTenants'],
      situations: null,
      includesPage: false,
    });
    expect(red.map(({ id }) => id)).toEqual([]);
    const latency = all.find(({ id }) => id === 'fiveTenants.latency.p95');
    // Most requests left late and are set aside.
    expect(latency?.setAside ?? 0).toBeGreaterThan(latency?.n ?? 0);
    expect(latency?.verdict).toBe('inconclusive');
    expect(latency?.reason).toMatch(/not offered as scheduled/);
  });
});
