import type { RunRecord } from '../core/record/runRecord.ts';
import { test as base } from '../fixtures.ts';
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
      const measureTogether = (flavours: string[], nameOf: (flavour: string) => string): void => {
        const line = new StartingLine(flavours.length);
        for (const flavour of flavours) {
          const record = measureFlavour(flavourNamed(flavour, { brief }), nameOf(flavour), {
            ...{ run, situations, openBrowser },
            // To start a program takes CPU time that others would be measured without.
            whenToMeasure: () => line.arrive(),
          });
          // Whoever asks for it hears of its failure; nobody may.
          record.catch(() => line.arrive());
          records.set(nameOf(flavour), record);
        }
      };
      await use(async (flavour, time) => {
        const nameOf = (one: string) => (time === 1 ? one : `${one}-${time}`);
        const together = time === 1 ? flavoursBeside(flavour, { brief }) : [flavour];
        if (!records.has(nameOf(flavour))) measureTogether(together, nameOf);
        await Promise.allSettled(together.map((one) => records.get(nameOf(one))));
        return records.get(nameOf(flavour)) as Promise<RunRecord>;
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

/** Where all wait for the last. */
class StartingLine {
  #missing: number;
  readonly #complete = Promise.withResolvers<void>();

  constructor(count: number) {
    this.#missing = count;
  }

  arrive(): Promise<void> {
    this.#missing -= 1;
    if (this.#missing === 0) this.#complete.resolve();
    return this.#complete.promise;
  }
}

export { expect } from '../fixtures.ts';
