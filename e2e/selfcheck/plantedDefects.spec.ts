import { expect, test } from './fixtures.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';
import {
  CLEAN,
  CLEAN_PAGE,
  CLEAN_UNDER_FAULTS,
  CLEAN_UNDER_LOAD,
  describeVerdicts,
  VARIANTS,
} from './variants.ts';

const BRIEF = { tag: '@brief' };

test.describe('Planted defects of the embedded SalesTalk', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => run.target.name !== 'local',
    'defects are planted in the embedded SalesTalk alone',
  );

  for (const twin of [CLEAN, CLEAN_UNDER_FAULTS, CLEAN_PAGE, CLEAN_UNDER_LOAD]) {
    test(
      `${twin}: nothing is planted, and nothing turns red`,
      VARIANTS.get(twin)?.brief === true ? BRIEF : {},
      async ({ judgeUntilClear, run }) => {
        // A noisy moment may leave quantiles open. All else must pass, so that a defect turns red what was green before.
        const rules = run.header.objectives.filter(
          ({ metric }) => metric.kind !== 'quantile' && metric.name !== 'metadata',
        );
        const isAsked = (id: string) => rules.some((rule) => rule.id === id);
        const { all, red, green } = await judgeUntilClear(twin, { isAsked, mayBeRed: [] });
        expect(
          red.map(({ id }) => id),
          describeVerdicts(all, []),
        ).toEqual([]);
        const expected = all.map(({ id }) => id).filter(isAsked);
        expect(green, describeVerdicts(all, expected)).toEqual(expect.arrayContaining(expected));
      },
    );
  }

  for (const { name, what, turnsRed, fullRunOnly } of PLANTED_DEFECTS) {
    test(`${name}: ${what}`, fullRunOnly === true ? {} : BRIEF, async ({ judgeUntilClear }) => {
      const isAsked = (id: string) => turnsRed.includes(id);
      const { all, red } = await judgeUntilClear(name, { isAsked, mayBeRed: turnsRed });
      expect(red.map(({ id }) => id).toSorted(), describeVerdicts(all, turnsRed)).toEqual(
        turnsRed.toSorted(),
      );
      // A verdict without data catches nothing.
      expect(
        red.filter(({ n }) => n === 0),
        describeVerdicts(all, turnsRed),
      ).toEqual([]);
    });
  }
});
