import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** Timers that nobody stops, and what their functions close over. */
export const leakTimers: Defect = {
  name: 'leak-timers',
  description: 'each answer leaves a timer of 60 s that holds 10 KB',
  page: () => withScript('leakTimers.ts'),
};
