import { allOrFirstFailure } from '../engine/offerUntilEnough.ts';
import { expect, test } from './fixtures.ts';
import { type MeasureRecord, withSalesTalk } from './measureVariant.ts';
import { measureSuites, type Suite } from './suites.ts';
import { judgeVariant } from './variants.ts';

const ROUNDS = 100;
/** One run in 100 may fail falsely. */
const MAX_FALSE_ALARMS = 1;
/** Two may share the machine, since no time is judged. */
const AT_ONCE = 2;
const SUITES: Suite[] = ['pageHeap'];

test.describe('Clean pages', { tag: '@performance' }, () => {
  test.skip(({ run }) => run.target.name !== 'local', 'only the embedded SalesTalk is measured');

  test(`A clean page, judged ${ROUNDS} times, raises one false alarm at most`, async ({
    measuring,
  }, testInfo) => {
    testInfo.setTimeout(60 * 60_000);
    const alarms: string[] = [];
    let open = 0;
    let rounds = 0;
    let judgedRounds = 0;
    const judgeRounds = async (measureRecord: MeasureRecord): Promise<void> => {
      while (rounds < ROUNDS) {
        const round = ++rounds;
        const name = `clean-page-${round}`;
        const record = await measureRecord(name, (context) => measureSuites(SUITES, context));
        const { all, red } = judgeVariant(record, {
          suites: SUITES,
          situations: null,
          includesPage: true,
        });
        alarms.push(...red.map(({ id, reason }) => `round ${round}: ${id}: ${reason}`));
        open += all.filter(({ verdict }) => verdict === 'inconclusive').length;
        judgedRounds += 1;
        process.stdout.write(
          `  clean pages: ${judgedRounds} judged, ${alarms.length} false alarms\n`,
        );
      }
    };
    const lanes = Array.from({ length: AT_ONCE }, () => withSalesTalk([], measuring, judgeRounds));
    await allOrFirstFailure(lanes);
    expect(judgedRounds).toBe(ROUNDS);
    const description = `${alarms.length} false alarms in ${ROUNDS} clean pages; ${open} verdicts neither pass nor fail`;
    testInfo.annotations.push({ type: 'clean pages', description });
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(MAX_FALSE_ALARMS);
  });
});
