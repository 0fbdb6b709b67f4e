import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_THE_PAGE: PlantedDefect[] = [
  {
    name: 'long-task',
    what: 'blocks the page when a question is sent',
    turnsRed: ['answer.blocking.p95'],
    by: 'pageAnswers',
    another: true,
  },
  {
    name: 'batched-chunks',
    what: 'holds the answer back to its end',
    turnsRed: ['answer.streaming'],
    by: 'pageAnswers',
  },
  {
    name: 'request-per-chunk',
    what: 'one more request for each piece of the answer',
    turnsRed: ['answer.requests'],
    by: 'pageAnswers',
  },
  {
    name: 'cold-connections',
    what: 'closes the connection after each answer',
    turnsRed: ['answer.connection'],
    by: 'pageAnswers',
    another: true,
  },
  {
    name: 'oversized-script',
    what: 'loads a script that is far too large',
    turnsRed: ['page.weight'],
    by: 'pageVisits',
  },
  {
    name: 'uncached-assets',
    what: 'has every file fetched again',
    turnsRed: ['page.caching'],
    by: 'pageVisits',
  },
  {
    name: 'layout-shift',
    what: 'the chart pushes the answer down when it arrives',
    turnsRed: ['desktop.cls.p75'],
    by: 'desktopVisits',
    another: true,
  },
  {
    name: 'blocking-script',
    what: 'a slow script in the head holds up the first paint',
    turnsRed: ['desktop.fcp.p75', 'desktop.lcp.p75'],
    by: 'desktopVisits',
    another: true,
  },
  {
    name: 'late-largest-element',
    what: 'the largest element is there late',
    turnsRed: ['desktop.lcp.p75'],
    by: 'desktopVisits',
    another: true,
  },
  {
    name: 'slow-start',
    what: 'takes long to start',
    turnsRed: ['coldStart.latency.p50'],
    by: 'coldStarts',
    another: true,
  },
];
