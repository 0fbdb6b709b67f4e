import { measureLoad } from '../workloads/load/measureLoad.ts';
import { expect, test } from './planted.ts';
import { verdictsOf } from './verdictsOf.ts';
import { withSalesTalk } from './withSalesTalk.ts';

/** So much of each stretch is spent on something else, and nothing leaves in time meanwhile. */
const BUSY = { forMs: 700, everyMs: 800 };

/** Keeps the generator's own thread busy until disposed of. */
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

  test('its own lateness is no fault of SalesTalk: inconclusive, with the reason', {
    tag: '@brief',
  }, async ({ pages, situations }) => {
    const { run, openBrowser } = pages;
    const record = await withSalesTalk([], { run, situations, openBrowser }, (measureAs) =>
      measureAs('starved-generator', async (options) => {
        using _ = starve();
        await measureLoad('fiveTenants', options);
      }),
    );
    const { red, all } = verdictsOf(record, {
      by: ['fiveTenants'],
      situations: null,
      pages: false,
    });
    expect(red.map(({ id }) => id)).toEqual([]);
    const latency = all.find(({ id }) => id === 'fiveTenants.latency.p95');
    // Most of it left late, and is set aside for that.
    expect(latency?.setAside ?? 0).toBeGreaterThan(latency?.n ?? 0);
    expect(latency?.verdict).toBe('inconclusive');
    expect(latency?.reason).toMatch(/not offered as scheduled/);
  });
});
