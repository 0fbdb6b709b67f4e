import type { Measured } from '../api/measured.ts';
import { type WorkerMeasurement, workerMeasurement } from '../api/workerMeasurement.ts';
import { measureLoad } from './measureLoad.ts';

/** Loads that the budget describes, each offered once a run. */
export type LoadMeasurements = {
  /** Five tenants at once. */
  fiveTenants: Measured;
  /** A rate that is to be kept up. */
  sustained: Measured;
  /** The busiest time of the day that the product plans for. */
  peak: Measured;
  /** A load that lasts. */
  soak: Measured;
  /** One rate after the other, up to the knee. */
  capacity: Measured;
};

/** As long as the budget says, which may be days; its ceiling bounds it. */
const NO_TIMEOUT_OF_ITS_OWN = 0;

export const loadMeasurements = {
  fiveTenants: ofLoad('fiveTenants'),
  sustained: ofLoad('sustained'),
  peak: ofLoad('peak'),
  soak: ofLoad('soak'),
  capacity: ofLoad('capacity'),
};

function ofLoad(name: keyof LoadMeasurements): WorkerMeasurement {
  return workerMeasurement((measuring) => measureLoad(name, measuring), NO_TIMEOUT_OF_ITS_OWN);
}
