import type { Objective } from '../../core/budget/objective.ts';
import type { Evidence } from '../../matchers/judgeMeasured.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { type Measured, measuredFrom } from '../api/measured.ts';
import { MEASURING_TIMEOUT_MS } from '../measuringTimeout.ts';
import type { MeasuringPages } from './measuringPages.ts';

/** A fixture that measures when it is first asked for. */
type WorkerMeasurement = [
  (
    given: { pages: MeasuringPages; record: RecordWriter },
    use: (measured: Measured) => Promise<void>,
  ) => Promise<void>,
  { scope: 'worker'; timeout: number },
];

/** Something about the page that is measured once a run, and what is done once more to find the cause of a miss. */
export function ofPages(
  measure: (pages: MeasuringPages) => Promise<void>,
  diagnose: (pages: MeasuringPages, objective: Objective) => Promise<Evidence>,
): WorkerMeasurement {
  return [
    async ({ pages, record }, use) => {
      await measure(pages);
      await use(measuredFrom(record, (objective) => diagnose(pages, objective)));
    },
    { scope: 'worker', timeout: MEASURING_TIMEOUT_MS },
  ];
}
