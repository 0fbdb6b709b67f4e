import { lookFor } from './lookFor.ts';
import { expect, test } from './planted.ts';
import type { Searched } from './searched.ts';
import { verdictsOf } from './verdictsOf.ts';
import { withSalesTalk } from './withSalesTalk.ts';

const ROUNDS = 100;
/** A run is allowed to fail falsely once in 100. */
const MOST_FALSE_ALARMS = 1;
const BY: Searched[] = ['pageHeap', 'pageVisits'];

test.describe('Clean pages', { tag: '@performance' }, () => {
  test.skip(({ run }) => run.target.name !== 'local', 'it takes the embedded SalesTalk');

  test(`a clean page, judged ${ROUNDS} times, raises one false alarm at most`, async ({
    pages,
    situations,
  }, testInfo) => {
    testInfo.setTimeout(60 * 60_000);
    const alarms: string[] = [];
    const open: string[] = [];
    await withSalesTalk([], { ...pages, situations }, async (measureAs) => {
      for (let round = 1; round <= ROUNDS; round++) {
        const name = `clean-page-${round}`;
        const record = await measureAs(name, (options) => lookFor(BY, options));
        const { red, green, judged } = verdictsOf(record, { by: BY, pages: true });
        alarms.push(...red.map(({ id, reason }) => `round ${round}: ${id}: ${reason}`));
        const clear = [...green, ...red.map(({ id }) => id)];
        open.push(...judged.filter((id) => !clear.includes(id)));
        process.stdout.write(`  clean pages: ${round} judged, ${alarms.length} false alarms\n`);
      }
    });
    const openIn = `${open.length} verdicts of them neither pass nor fail`;
    const description = `${alarms.length} false alarms in ${ROUNDS} clean pages; ${openIn}`;
    testInfo.annotations.push({ type: 'clean pages', description });
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(MOST_FALSE_ALARMS);
  });
});
