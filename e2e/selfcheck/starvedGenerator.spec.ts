import { loadOfBudget } from '../measurements.ts';
import { expect, test } from './fixtures.ts';
import { withSalesTalk } from './measureVariant.ts';
import { judgeVariant } from './variants.ts';

/** Blocks the thread that sends the load for most of the time, until disposed of. */
function starve(): Disposable {
  const timer = setInterval(() => {
    const endMs = performance.now() + 700;
    while (performance.now() < endMs);
  }, 800);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

test.describe('A load generator without CPU time', { tag: '@performance' }, () => {
  test.skip(({ run }) => run.target.name !== 'local', 'only the embedded SalesTalk is measured');

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
    // Most requests were sent late and are set aside.
    expect(latency?.setAside ?? 0).toBeGreaterThan(latency?.n ?? 0);
    expect(latency?.verdict).toBe('inconclusive');
    expect(latency?.reason).toMatch(/not offered as scheduled/);
  });
});
