import { z } from 'zod';
import type { MemoryLine } from '../core/record/measurementLine.ts';
import { FEWEST_WARM_UP_ITERATIONS } from '../core/statistics/growth.ts';
import { type Derivation, deriveFrom, eachValue } from './derivation.ts';
import { GROWTH, MAX_BYTES, type MetricEntry } from './shapes.ts';

export const MEMORY_METRICS = {
  footprint: {
    ...MAX_BYTES,
    countsUnderLoad: 'reading',
    derive: eachValue(['memory'], 'usedBytes'),
    valueName: 'memory in use after garbage collection',
    advice: 'Compare heap snapshots before and after: the largest retainers come first.',
  },

  growth: {
    ...GROWTH,
    unit: 'B/use',
    key: 'atMostBytesPerUse',
    limit: z.number().positive().describe('Each use may leave as many bytes behind'),
    countsUnderLoad: 'reading',
    derive: eachReading('usedBytes'),
    valueName: 'memory in use after garbage collection',
    advice:
      'Take heap snapshots before and after some uses and compare them: objects that grew in number, and what retains them, are the leak.',
  },

  nodeGrowth: {
    ...GROWTH,
    unit: 'nodes/use',
    key: 'atMostNodesPerUse',
    limit: z.number().positive().describe('Each use may leave as many nodes behind'),
    derive: eachReading('nodes'),
    valueName: 'nodes of the document',
    advice:
      'Look for nodes that were removed from the page and are still referenced by a variable, a closure or a listener.',
  },

  listenerGrowth: {
    ...GROWTH,
    unit: 'listeners/use',
    key: 'atMostListenersPerUse',
    limit: z.number().positive().describe('Each use may leave as many event listeners behind'),
    derive: eachReading('listeners'),
    valueName: 'event listeners',
    advice:
      'Look for addEventListener without its counterpart: each use adds listeners that are never removed.',
  },

  documentGrowth: {
    ...GROWTH,
    unit: 'documents/use',
    key: 'atMostDocumentsPerUse',
    limit: z.number().positive().describe('Each use may leave as many documents behind'),
    derive: eachReading('documents'),
    valueName: 'documents',
    advice:
      'Look for frames and documents that are created and kept: their number should return to its start.',
  },
} satisfies Record<string, MetricEntry>;

/**
 * Takes each reading after the warm-up. After too short a warm-up, code that is still being compiled would look like growth; and if some
 * readings stand for more iterations than others, there is no growth per iteration. In both cases all readings are missing.
 */
function eachReading(name: keyof MemoryLine['values']): Derivation {
  return deriveFrom(['memory'], (given) => {
    const { record, lines: readings, objective } = given;
    const warmUps = record.samples.filter(
      ({ warmUp, workload }) => warmUp && workload === objective.workload,
    );
    const [iterationsBetween = 1, ...others] = new Set(
      readings.map(({ iterations }) => iterations),
    );
    const isWarm = warmUps.length * iterationsBetween >= FEWEST_WARM_UP_ITERATIONS;
    if (!isWarm || others.length > 0) {
      return {
        observations: [],
        missing: readings.filter(({ failure }) => failure === null).length,
      };
    }
    const observed = eachValue(['memory'], name)(given);
    return iterationsBetween === 1 ? observed : { ...observed, iterationsBetween };
  });
}
