import type { RunRecord } from '../core/record/runRecord.ts';
import { test as base } from '../fixtures/index.ts';
import { describeCaught } from './describeCaught.ts';
import { FLAVOURS, flavoursBeside } from './flavours.ts';
import { measureFlavour } from './measureFlavour.ts';
import { type Verdicts, verdictsOf } from './verdictsOf.ts';

type TestFixtures = {
  /** What SalesTalk of this flavour comes to; the verdicts that are red are put on the test. */
  verdictsUnder: (flavour: string) => Promise<Verdicts>;
};

type WorkerFixtures = {
  /** The record of a flavour, measured when it is first asked for, together with those that are measured beside it. */
  recordUnder: (flavour: string) => Promise<RunRecord>;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  recordUnder: [
    async ({ pages, situations }, use) => {
      const records = new Map<string, Promise<RunRecord>>();
      const { run, openBrowser } = pages;
      const measure = (flavour: string): Promise<RunRecord> => {
        const known = records.get(flavour);
        if (known !== undefined) return known;
        const record = measureFlavour(flavour, { run, situations, openBrowser });
        // Whoever asks for it hears of its failure; nobody may.
        record.catch(() => undefined);
        records.set(flavour, record);
        return record;
      };
      await use(async (flavour) => {
        await Promise.allSettled(flavoursBeside(flavour).map(measure));
        return measure(flavour);
      });
    },
    { scope: 'worker' },
  ],
  verdictsUnder: async ({ recordUnder }, use, testInfo) => {
    await use(async (name) => {
      const flavour = FLAVOURS.get(name);
      if (flavour === undefined) throw new RangeError(`there is no flavour ${name}`);
      const record = await recordUnder(name);
      const verdicts = verdictsOf(record, flavour);
      testInfo.annotations.push(...describeCaught(verdicts.red, record));
      return verdicts;
    });
  },
});

export { expect } from '../fixtures/index.ts';
