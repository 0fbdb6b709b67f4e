import type { PlantedDefect } from '../plantedDefect.ts';

/** What single requests do not show. */
export const UNDER_LOAD_ALONE: PlantedDefect[] = [
  {
    name: 'stall',
    what: 'answers nothing for 3 s every 20 s',
    turnsRed: ['sustained.stall'],
    by: 'sustained',
    another: true,
  },
  {
    name: 'four-connections',
    what: 'makes four calls of the model at a time and no more',
    // In the end more requests are out than are let out.
    turnsRed: ['sustained.latency.p95', 'sustained.ownTime.p95', 'sustained.availability'],
    by: 'sustained',
    another: true,
  },
  {
    name: 'slowing',
    what: 'takes longer with every request that it has had',
    turnsRed: ['soak.latencyGrowth'],
    by: 'soak',
    another: true,
  },
  {
    name: 'api-leak-under-load',
    what: 'the process keeps 5 KB of each request, seen under load',
    args: ['--defect', 'api-leak'],
    turnsRed: ['soak.memory.growth'],
    by: 'soak',
    another: true,
  },
  {
    name: 'errors-above-80',
    what: 'fails what comes beyond 80 requests in a second',
    turnsRed: ['capacity.rate'],
    by: 'capacity',
  },
  {
    name: 'tenant-turns',
    what: 'serves one tenant at a time',
    turnsRed: ['fiveTenants.latency.p95'],
    by: 'fiveTenants',
    another: true,
  },
];
