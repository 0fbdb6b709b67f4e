import type { RunRecord } from '../core/record/runRecord.ts';
import { judgeRun } from '../core/verdict/judgeRun.ts';
import { expect, test } from '../fixtures/index.ts';
import { measureFlavour } from './measureFlavour.ts';
import { PLANTED_DEFECTS } from './plantedDefects.ts';

test.describe('Planted defects of the embedded SalesTalk', { tag: '@performance' }, () => {
  test.skip(
    ({ run }) => run.target.name !== 'local',
    'defects are planted in the embedded SalesTalk alone',
  );

  test('the clean twin turns nothing red', async ({ run }, { outputDir }) => {
    const record = await measureFlavour({ args: [], withAvailability: true, outputDir, run });
    const verdicts = verdictsOf(record);
    expect(verdicts.filter((verdict) => verdict.endsWith(' fail'))).toEqual([]);
    const outOfReachOfNoise = /\.(latency|modelCalls|availability)\b/;
    expect(verdicts.filter((verdict) => outOfReachOfNoise.test(verdict))).toEqual(
      run.header.objectives
        .map(({ id }) => `${id} pass`)
        .filter((id) => outOfReachOfNoise.test(id)),
    );
  });

  for (const { name, what, turnsRed, needsAvailability } of PLANTED_DEFECTS) {
    test(`${name}: ${what}`, async ({ run }, { outputDir }) => {
      const args = ['--defect', name];
      const record = await measureFlavour({
        args,
        withAvailability: needsAvailability,
        outputDir,
        run,
      });
      const red = verdictsOf(record).filter((verdict) => verdict.endsWith(' fail'));
      expect(red).toEqual(turnsRed.map((id) => `${id} fail`));
    });
  }
});

function verdictsOf(record: RunRecord): string[] {
  const selected = record.run.objectives.map(({ id }) => id);
  return judgeRun(record, { selected }).judgements.map(({ id, verdict }) => `${id} ${verdict}`);
}
