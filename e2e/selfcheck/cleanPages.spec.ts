import { allOrFirstFailure } from '../engine/workloadModels.ts';
import { expect, test } from './fixtures.ts';
import { judgeVariant } from './judgeVariant.ts';
import { type MeasureRecord, withSalesTalk } from './measureVariant.ts';
import { measureSuites, type Suite } from './suites.ts';

const ROUNDS = 100;
/** A run is allowed to fail falsely once in 100. */
const MAX_FALSE_ALARMS = 1;
/** No time is judged here, so two may share the machine. */
const AT_ONCE = 2;
const SUITES: Suite[] = ['pageHeap'];

test.describe('Clean pages', { tag: '@performance' }, () => {
  test.skip(({ run }) => run.target.name !== 'local', 'only the embedded SalesTalk is measured');

  test(`A clean page, judged ${ROUNDS} times, raises one false alarm at most`, async ({
    measuring,
  }, testInfo) => {
    testInfo.setTimeout(60 * 60_000);
    const alarms: string[] = [];
    const open: string[] = [];
    let rounds = 0;
    let judgedRounds = 0;
    const judgeRounds = async (measureRecord: MeasureRecord): Promise<void> => {
      while (rounds < ROUNDS) {
        const round = ++rounds;
        const name = `clean-page-${round}`;
        const record = await measureRecord(name, (context) => measureSuites(SUITES, context));
        const { red, green, judged } = judgeVariant(record, {
          suites: SUITES,
          situations: null,
          includesPage: true,
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
    const lanes = Array.from({ length: AT_ONCE }, () => withSalesTalk([], measuring, judgeRounds));
    await allOrFirstFailure(lanes);
    expect(judgedRounds).toBe(ROUNDS);
    const openIn = `${open.length} verdicts of them neither pass nor fail`;
    const description = `${alarms.length} false alarms in ${ROUNDS} clean pages; ${openIn}`;
    testInfo.annotations.push({ type: 'clean pages', description });
    expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(MAX_FALSE_ALARMS);
  });
});
