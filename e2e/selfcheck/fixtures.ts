import type { RunRecord } from '../core/record/runRecord.ts';
import { test as base } from '../fixtures.ts';
import { annotateCaught } from './caughtReporter.ts';
import { measureVariant } from './measureVariant.ts';
import { findVariant, findVariantsBeside, judgeVariant, type Verdicts } from './variants.ts';

type Question = {
  isAsked: (id: string) => boolean;
  mayBeRed: readonly string[];
};

type TestFixtures = {
  /** Measures a variant again while a verdict that was asked for is inconclusive, as a person would do. A forbidden red verdict is final. */
  judgeUntilClear: (variant: string, question: Question) => Promise<Verdicts>;
};

export type SelfcheckOptions = {
  /** Measure each defect only by what shows it, and more of them at a time. */
  brief: boolean;
};

type WorkerFixtures = {
  /** Measures a variant, the first time (1) together with those that are measured beside it, and resolves to its record. */
  recordVariant: (variant: string, time: number) => Promise<RunRecord>;
};

/** On a machine that is disturbed for longer nothing can be measured. */
const MAX_TIMES = 3;

export const test = base.extend<TestFixtures, WorkerFixtures & SelfcheckOptions>({
  brief: [false, { option: true, scope: 'worker' }],
  recordVariant: [
    async ({ measuring, brief }, use) => {
      const records = new Map<string, Promise<RunRecord>>();
      const { run, openBrowser } = measuring;
      const measureTogether = (variants: string[], nameOf: (variant: string) => string): void => {
        const allStarted = Promise.withResolvers<void>();
        let missing = variants.length;
        const arrive = (): Promise<void> => {
          missing -= 1;
          if (missing === 0) allStarted.resolve();
          return allStarted.promise;
        };
        for (const variant of variants) {
          const record = measureVariant(findVariant(variant, { brief }), nameOf(variant), {
            run,
            openBrowser,
            // The start of a program takes CPU time, so all start before any is measured.
            whenToMeasure: arrive,
          });
          // The others must not wait for one that failed. Its error reaches the caller that awaits its record.
          record.catch(arrive);
          records.set(nameOf(variant), record);
        }
      };
      await use(async (variant, time) => {
        const nameOf = (one: string) => (time === 1 ? one : `${one}-${time}`);
        const together = time === 1 ? findVariantsBeside(variant, { brief }) : [variant];
        if (!records.has(nameOf(variant))) measureTogether(together, nameOf);
        await Promise.allSettled(together.map((one) => records.get(nameOf(one))));
        return records.get(nameOf(variant)) as Promise<RunRecord>;
      });
    },
    { scope: 'worker' },
  ],
  judgeUntilClear: async ({ recordVariant, brief }, use, testInfo) => {
    await use(async (name, { isAsked, mayBeRed }) => {
      const variant = findVariant(name, { brief });
      for (let time = 1; ; time++) {
        const record = await recordVariant(name, time);
        const verdicts = judgeVariant(record, variant);
        const open = verdicts.all.filter(
          ({ id, verdict }) => verdict === 'inconclusive' && isAsked(id),
        );
        const isFinal = verdicts.red.some(({ id }) => !mayBeRed.includes(id));
        if (open.length === 0 || isFinal || time === MAX_TIMES) {
          testInfo.annotations.push(...annotateCaught(verdicts.red, record));
          return verdicts;
        }
        const description = open.map(({ id, reason }) => `${id}: ${reason}`).join('\n');
        testInfo.annotations.push({ type: 'measured again', description });
      }
    });
  },
});

export { expect } from '../fixtures.ts';
