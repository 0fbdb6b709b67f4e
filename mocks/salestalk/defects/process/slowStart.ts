import { wait } from '../../api/wait.ts';
import type { Defect } from '../defect.ts';

/** A process that takes its time before it takes requests. */
export const slowStart: Defect = {
  name: 'slow-start',
  description: 'the process listens 2 s late',
  beforeListening: (_, { clock }) => wait(clock, 2000, new AbortController().signal),
};
