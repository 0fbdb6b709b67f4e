import { OF_ANSWERS } from './defects/ofAnswers.ts';
import { OF_LATENCY } from './defects/ofLatency.ts';
import { OF_MEMORY } from './defects/ofMemory.ts';
import { OF_RETRIES } from './defects/ofRetries.ts';
import { OF_THE_PAGE } from './defects/ofThePage.ts';
import { OF_TIMEOUTS } from './defects/ofTimeouts.ts';
import { UNDER_LOAD_ALONE } from './defects/underLoad.ts';
import type { PlantedDefect } from './plantedDefect.ts';

/** All faults that SalesTalk can be started with, and what each must turn red. */
export const PLANTED_DEFECTS: PlantedDefect[] = [
  ...OF_LATENCY,
  ...OF_TIMEOUTS,
  ...OF_RETRIES,
  ...OF_ANSWERS,
  ...OF_MEMORY,
  ...OF_THE_PAGE,
  ...UNDER_LOAD_ALONE,
];
