import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** A page whose text jumps away under the reader's eyes. */
export const layoutShift: Defect = {
  name: 'layout-shift',
  description: 'when the chart arrives, a notice above the answer moves it down and back',
  page: () => withScript('shiftOnChart.ts'),
};
