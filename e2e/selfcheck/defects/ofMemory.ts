import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_MEMORY: PlantedDefect[] = [
  {
    name: 'leak-1kb',
    what: 'keeps 1 KB of each answer in an array',
    turnsRed: ['page.heap.growth'],
    by: 'pageHeap',
    another: true,
  },
  {
    name: 'leak-10kb',
    what: 'keeps 10 KB of each answer in an array',
    turnsRed: ['page.heap.growth'],
    by: 'pageHeap',
  },
  {
    name: 'leak-100kb',
    what: 'keeps 100 KB of each answer in an array',
    turnsRed: ['page.heap.growth'],
    by: 'pageHeap',
    another: true,
  },
  {
    name: 'leak-detached',
    what: 'holds on to parts that it took off the page',
    // Nodes are held by the browser's own heap.
    turnsRed: ['page.dom.nodeGrowth'],
    by: 'pageHeap',
  },
  {
    name: 'leak-listeners',
    what: 'adds listeners and takes none off',
    turnsRed: ['page.dom.listenerGrowth'],
    by: 'pageHeap',
  },
  {
    name: 'leak-timers',
    what: 'starts timers that never end',
    turnsRed: ['page.heap.growth'],
    by: 'pageHeap',
    another: true,
  },
  {
    name: 'leak-history',
    what: 'keeps every answer for ever',
    turnsRed: ['page.heap.growth'],
    by: 'pageHeap',
    another: true,
  },
  {
    name: 'api-leak',
    what: 'the process keeps 5 KB of each request',
    turnsRed: ['api.memory.growth'],
    by: 'apiMemory',
  },
];
