import type { Defect } from '../defect.ts';
import { withScript } from './withScript.ts';

/** A page that stands still when it is needed. */
export const longTask: Defect = {
  name: 'long-task',
  description: 'asking blocks the page for 300 ms before the request is sent',
  page: () => withScript('blockOnSubmit.ts'),
};
