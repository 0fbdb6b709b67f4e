import { z } from 'zod';
import type { MemoryLine } from '../core/record/measurementLine.ts';
import { FEWEST_WARM_UP_ITERATIONS } from '../core/statistics/growth.ts';
import { type Derivation, deriveFrom, ofValue } from './derivation.ts';
import { describeExceeded, GROWTH, MAX_BYTES, type MetricEntry } from './shapes.ts';

/** What a page, or a process, keeps. */
export const MEMORY_METRICS = {
  /** Memory in use, at each reading. */
  footprint: {
    ...MAX_BYTES,
    countsUnderLoad: 'reading',
    derive: ofValue(['memory'], 'usedBytes'),
    valueName: 'memory in use after garbage collection',
    describeBad: describeExceeded,
    advice: 'Compare heap snapshots before and after: the largest retainers come first.',
  },

  /** Memory that each use leaves behind. */
  growth: {
    ...GROWTH,
    unit: 'B/use',
    key: 'atMostBytesPerUse',
    limit: z.number().positive().describe('Each use may leave as many bytes behind'),
    countsUnderLoad: 'reading',
    derive: growthOf('usedBytes'),
    valueName: 'memory in use after garbage collection',
    describeBad: describeExceeded,
    advice:
      'Take heap snapshots before and after some uses and compare them: objects that grew in number, and what retains them, are the leak.',
  },

  /** Nodes of the document that each use leaves behind. */
  nodeGrowth: {
    ...GROWTH,
    unit: 'nodes/use',
    key: 'atMostNodesPerUse',
    limit: z.number().positive().describe('Each use may leave as many nodes behind'),
    derive: growthOf('nodes'),
    valueName: 'nodes of the document',
    describeBad: describeExceeded,
    advice:
      'Look for nodes that were removed from the page and are still referenced by a variable, a closure or a listener.',
  },

  /** Event listeners that each use leaves behind. */
  listenerGrowth: {
    ...GROWTH,
    unit: 'listeners/use',
    key: 'atMostListenersPerUse',
    limit: z.number().positive().describe('Each use may leave as many event listeners behind'),
    derive: growthOf('listeners'),
    valueName: 'event listeners',
    describeBad: describeExceeded,
    advice:
      'Look for addEventListener without its counterpart: each use adds listeners that are never removed.',
  },

  /** Documents, such as those of frames, that each use leaves behind. */
  documentGrowth: {
    ...GROWTH,
    unit: 'documents/use',
    key: 'atMostDocumentsPerUse',
    limit: z.number().positive().describe('Each use may leave as many documents behind'),
    derive: growthOf('documents'),
    valueName: 'documents',
    describeBad: describeExceeded,
    advice:
      'Look for frames and documents that are created and kept: their number should return to its start.',
  },
} satisfies Record<string, MetricEntry>;

/**
 * Growth from one reading after the warm-up to the next. After a short warm-up, what is still being compiled would look like growth; where
 * one reading stands for more iterations than another, no slope is that of an iteration. Then all readings are missing.
 */
function growthOf(name: keyof MemoryLine['values']): Derivation {
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
    const observed = ofValue(['memory'], name)(given);
    return iterationsBetween === 1 ? observed : { ...observed, iterationsBetween };
  });
}
