import type { RunRecord } from '../core/record/runRecord.ts';
import { test as base } from '../fixtures/index.ts';
import { describeCaught } from './describeCaught.ts';
import { flavourNamed, flavoursBeside } from './flavours.ts';
import { measureFlavour } from './measureFlavour.ts';
import { type Verdicts, verdictsOf } from './verdictsOf.ts';

/** What is asked of a flavour. */
type Question = {
  /** Must this objective be settled, one way or the other? */
  isAsked: (id: string) => boolean;
  /** Ids of the objectives that may be red. */
  mayBeRed: readonly string[];
};

type TestFixtures = {
  /**
   * What SalesTalk of this flavour comes to; the verdicts that are red are put on the test. An answer that is still open is asked for again,
   * as a person would; one that is red and may not be is final.
   */
  verdictsUnder: (flavour: string, question: Question) => Promise<Verdicts>;
};

export type SelfcheckOptions = {
  /** Measure each defect only by what shows it, and more of them at a time. */
  brief: boolean;
};

type WorkerFixtures = {
  /**
   * The record of a flavour, measured when it is first asked for, together with those that are measured beside it.
   * @param time from 1; later ones are measured alone
   */
  recordUnder: (flavour: string, time: number) => Promise<RunRecord>;
};

/** A machine that is disturbed for longer is none to measure on. */
const MOST_TIMES = 3;

export const test = base.extend<TestFixtures, WorkerFixtures & SelfcheckOptions>({
  brief: [false, { option: true, scope: 'worker' }],
  recordUnder: [
    async ({ pages, situations, brief }, use) => {
      const records = new Map<string, Promise<RunRecord>>();
      const { run, openBrowser } = pages;
      const measure = (flavour: string, time: number): Promise<RunRecord> => {
        const name = time === 1 ? flavour : `${flavour}-${time}`;
        const known = records.get(name);
        if (known !== undefined) return known;
        const record = measureFlavour(flavourNamed(flavour, { brief }), name, {
          run,
          situations,
          openBrowser,
        });
        // Whoever asks for it hears of its failure; nobody may.
        record.catch(() => undefined);
        records.set(name, record);
        return record;
      };
      await use(async (flavour, time) => {
        const beside = time === 1 ? flavoursBeside(flavour, { brief }) : [];
        await Promise.allSettled(beside.map((one) => measure(one, time)));
        return measure(flavour, time);
      });
    },
    { scope: 'worker' },
  ],
  verdictsUnder: async ({ recordUnder, brief }, use, testInfo) => {
    await use(async (name, { isAsked, mayBeRed }) => {
      const flavour = flavourNamed(name, { brief });
      for (let time = 1; ; time++) {
        const record = await recordUnder(name, time);
        const verdicts = verdictsOf(record, flavour);
        const open = verdicts.all.filter(
          ({ id, verdict }) => verdict === 'inconclusive' && isAsked(id),
        );
        const isFinal = verdicts.red.some(({ id }) => !mayBeRed.includes(id));
        if (open.length === 0 || isFinal || time === MOST_TIMES) {
          testInfo.annotations.push(...describeCaught(verdicts.red, record));
          return verdicts;
        }
        const description = open.map(({ id, reason }) => `${id}: ${reason}`).join('\n');
        testInfo.annotations.push({ type: 'measured again', description });
      }
    });
  },
});

export { expect } from '../fixtures/index.ts';
