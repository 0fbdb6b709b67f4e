import type { PlantedDefect } from '../plantedDefect.ts';

export const OF_LATENCY: PlantedDefect[] = [
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
    by: 'baseline',
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
    by: 'baseline',
  },
  {
    name: 'halved-latency',
    what: 'latencyMs says half of what it took',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    by: 'baseline',
  },
  {
    name: 'no-metadata',
    what: 'answers come without metadata',
    turnsRed: ['classify.metadata.accuracy', 'chat.metadata.accuracy'],
    by: 'baseline',
    another: true,
  },
  {
    name: 'two-percent-errors',
    what: 'one request in fifty fails with 500',
    turnsRed: ['api.availability'],
    by: 'availability',
  },
];
