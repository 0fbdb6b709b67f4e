import { leakObjects } from './leakObjects.ts';

export const leak1kb = leakObjects(1);
