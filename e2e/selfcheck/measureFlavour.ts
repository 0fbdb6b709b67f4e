import type { RunRecord } from '../core/record/runRecord.ts';
import type { RunContext } from '../fixtures/runContext.ts';
import type { Situations } from '../fixtures/workload/measureMisbehaving.ts';
import { HUNG_PAGE } from '../fixtures/workload/runHungPage.ts';
import { FLAVOURS } from './flavours.ts';
import { lookFor } from './lookFor.ts';
import type { Searched } from './searched.ts';
import { type MeasuringFlavours, withSalesTalk } from './withSalesTalk.ts';

/** Requests per second, all situations of a misbehaving model together. */
const RATE_OF_ONE_OF_SEVERAL = 40;

/**
 * Measures a SalesTalk of this flavour with the workloads of the other projects, smaller, and gives back the record.
 * @param name of the record
 * @throws RangeError for an unknown flavour, HarnessError START_FAILED and what measuring throws
 */
export async function measureFlavour(
  flavourName: string,
  name: string,
  { run, situations, openBrowser }: MeasuringFlavours,
): Promise<RunRecord> {
  const flavour = FLAVOURS.get(flavourName);
  if (flavour === undefined) throw new RangeError(`there is no flavour ${flavourName}`);
  const { args, by, pages } = flavour;
  const measuring = {
    run: { ...run, target: { ...run.target, ceilings: slower(run, by) } },
    situations: pages ? situations : withoutPages(situations),
    openBrowser,
  };
  return withSalesTalk(args, measuring, (measureAs) =>
    measureAs(name, (options) => lookFor(by, options)),
  );
}

/** Several flavours share the machine: each sends so much less. */
function slower({ target }: RunContext, by: Searched[]): RunContext['target']['ceilings'] {
  return by.every((one) => one === 'misbehavingModel')
    ? { ...target.ceilings, requestsPerSecond: RATE_OF_ONE_OF_SEVERAL }
    : target.ceilings;
}

function withoutPages({ waiting, meanwhile }: Situations): Situations {
  return { waiting: waiting.filter((name) => name !== HUNG_PAGE), meanwhile };
}
