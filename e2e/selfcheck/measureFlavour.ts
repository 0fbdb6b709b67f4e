import type { RunRecord } from '../core/record/runRecord.ts';
import type { RunContext } from '../setup/runContext.ts';
import { HUNG_PAGE } from '../workloads/page/hungPage.ts';
import type { Situations } from '../workloads/page/measureMisbehaving.ts';
import type { Flavour } from './flavours.ts';
import { lookFor } from './lookFor.ts';
import { type MeasuringFlavours, withSalesTalk } from './withSalesTalk.ts';

/** Requests per second, all situations of a misbehaving model together; and where a few are measured, of many flavours at once. */
const RATE_OF_ALL_SITUATIONS = 40;
const RATE_OF_SOME_SITUATIONS = 20;

/**
 * Measures a SalesTalk of this flavour with the workloads of the other projects, smaller, and gives back the record.
 * @param name of the record
 * @throws HarnessError START_FAILED and what measuring throws
 */
export async function measureFlavour(
  flavour: Flavour,
  name: string,
  { run, situations, openBrowser, ...rest }: MeasuringFlavours,
): Promise<RunRecord> {
  const { args, by, pages } = flavour;
  // The start of a browser would disturb what is measured beside it. What measures a page alone opens its own, and closes it.
  const isBeside = pages && by.includes('misbehavingModel');
  await using browser = isBeside ? await openBrowser() : null;
  const measuring = {
    ...rest,
    run: { ...run, target: { ...run.target, ceilings: slower(run, flavour) } },
    situations: situationsOf(flavour, situations),
    openBrowser: browser === null ? openBrowser : async () => browser,
  };
  // Awaited here, since the browser ends when this function does.
  return await withSalesTalk(args, measuring, (measureAs) =>
    measureAs(name, (options) => lookFor(by, options)),
  );
}

/** Several flavours share the machine: each sends so much less. */
function slower(
  { target }: RunContext,
  { by, situations }: Flavour,
): RunContext['target']['ceilings'] {
  if (by.some((one) => one !== 'misbehavingModel')) return target.ceilings;
  const requestsPerSecond = situations === null ? RATE_OF_ALL_SITUATIONS : RATE_OF_SOME_SITUATIONS;
  return { ...target.ceilings, requestsPerSecond };
}

function situationsOf({ situations, pages }: Flavour, all: Situations): Situations {
  const isMeasured = (name: string) =>
    (situations?.includes(name) ?? true) && (pages || name !== HUNG_PAGE);
  return { waiting: all.waiting.filter(isMeasured), meanwhile: all.meanwhile.filter(isMeasured) };
}
