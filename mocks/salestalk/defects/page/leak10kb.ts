import { leakObjects } from './leakObjects.ts';

export const leak10kb = leakObjects(10);
