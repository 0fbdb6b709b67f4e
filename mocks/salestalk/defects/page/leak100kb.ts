import { leakObjects } from './leakObjects.ts';

export const leak100kb = leakObjects(100);
