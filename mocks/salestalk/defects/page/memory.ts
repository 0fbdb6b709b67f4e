import type { Defect } from '../defect.ts';
import { addScript } from './addScript.ts';

/** Answers that leave something behind in the page. */
export const MEMORY_DEFECTS: readonly Defect[] = [
  ...[1, 10, 100].map((sizeKb) => ({
    name: `leak-${sizeKb}kb`,
    description: `each answer leaves ${sizeKb} KB of plain objects in the page's heap`,
    page: () => addScript('leaks.ts', `?objects=${sizeKb * 1024}`),
  })),
  {
    name: 'leak-detached',
    description: 'each answer leaves a detached copy of its elements',
    page: () => addScript('leaks.ts', '?detached'),
  },
  {
    name: 'leak-listeners',
    description: 'each answer leaves five event listeners on the window',
    page: () => addScript('leaks.ts', '?listeners'),
  },
  {
    name: 'leak-timers',
    description: 'each answer leaves a timer of 60 s that holds 10 KB',
    page: () => addScript('leaks.ts', '?timers'),
  },
  {
    // The clean page shows the latest 20 answers and drops the others.
    name: 'leak-history',
    description:
      'the page keeps the text of every answer, not only of the latest 20: some 3 KB each',
    page: () => addScript('leaks.ts', '?history'),
  },
];
