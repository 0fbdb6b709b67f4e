/** A defect that the embedded SalesTalk can be started with, and the verdicts that it must turn red: these, and no others. */
export type PlantedDefect = {
  name: string;
  what: string;
  turnsRed: string[];
  /** Does it take thousands of requests to be seen? */
  needsAvailability: boolean;
};

export const PLANTED_DEFECTS: PlantedDefect[] = [
  {
    name: 'slow-median',
    what: 'every answer 1.1 s late',
    turnsRed: [
      'classify.latency.p50',
      'classify.ownTime.p50',
      'classify.ownTime.p95',
      'chat.latency.p50',
      'chat.ownTime.p50',
      'chat.ownTime.p95',
    ],
    needsAvailability: false,
  },
  {
    name: 'slow-quarter',
    what: 'a quarter of the answers 2.5 s late',
    turnsRed: [
      'classify.latency.p95',
      'classify.ownTime.p95',
      'chat.latency.p95',
      'chat.ownTime.p95',
    ],
    needsAvailability: false,
  },
  {
    name: 'halved-latency',
    what: 'latencyMs says half of what it took',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    needsAvailability: false,
  },
  {
    name: 'no-metadata',
    what: 'answers come without metadata',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    needsAvailability: false,
  },
  {
    name: 'two-percent-errors',
    what: 'one request in fifty fails with 500',
    turnsRed: ['api.availability'],
    needsAvailability: true,
  },
];
