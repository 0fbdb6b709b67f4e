import { allOrFirstFailure } from '../workloads/api/measureWorkloads.ts';
import { lookFor } from './lookFor.ts';
import { expect, test } from './planted.ts';
import type { Searched } from './searched.ts';
import { verdictsOf } from './verdictsOf.ts';
import { type MeasureAs, withSalesTalk } from './withSalesTalk.ts';

const ROUNDS = 100;
/** A run is allowed to fail falsely once in 100. */
const MOST_FALSE_ALARMS = 1;
/** What is judged here is no time, so that two may share the machine. */
const AT_ONCE = 2;
const BY: Searched[] = ['pageHeap'];

test.describe('Clean pages', { tag: '@performance' }, () => {
  test.skip(({ run }) => run.target.name !== 'local', 'it takes the embedded SalesTalk');

  test(`a clean page, judged ${ROUNDS} times, raises one false alarm at most`, async ({
    pages,
    situations,
  }, testInfo) => {
    testInfo.setTimeout(60 * 60_000);
    const alarms: string[] = [];
    const open: string[] = [];
    let rounds = 0;
    let judgedRounds = 0;
    const judgeRounds = async (measureAs: MeasureAs): Promise<void> => {
      while (rounds < ROUNDS) {
        const round = ++rounds;
        const name = `clean-page-${round}`;
        const record = await measureAs(name, (options) => lookFor(BY, options));
        const { red, green, judged } = verdictsOf(record, {
          by: BY,
          situations: null,
          pages: true,
        });
        alarms.push(...red.map(({ id, reason }) => `round ${round}: ${id}: ${reason}`));
        const clear = [...green, ...red.map(({ id }) => id)];
        open.push(...judged.filter((id) => !clear.includes(id)));
        judgedRounds += 1;
        process.stdout.write(
          `  clean pages: ${judgedRounds} judged, ${alarms.length} false alarms\n`,
        );
      }
    };
    const lanes = Array.from({ length: AT_ONCE }, () =>
      withSalesTalk([], { ...pages, situations }, judgeRounds),
    );
    await allOrFirstFailure(lanes);
    expect(judgedRounds).toBe(ROUNDS);
    const openIn = `${open.length} verdicts of them neither pass nor fail`;
    const description = `${alarms.length} false alarms in ${ROUNDS} clean pages; ${openIn}`;
    testInfo.annotations.push({ type: 'clean pages', description });
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(MOST_FALSE_ALARMS);
  });
});
