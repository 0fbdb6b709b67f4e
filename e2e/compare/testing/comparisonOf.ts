import type { JudgedMetric } from '../judge.ts';
import type { Comparison } from '../report.ts';

export const SAME: JudgedMetric = {
  id: 'classify.latency',
  words: 'classify time',
  unit: 'ms',
  baseline: 23.04,
  candidate: 23.1,
  ratio: 1.0026,
  interval: [0.99, 1.014],
  verdict: 'same',
  says: 'no difference beyond 5 %',
  tail: null,
  pairs: 200,
  blocks: [[23.04, 23.1]],
};
const WORSE: JudgedMetric = {
  ...SAME,
  id: 'page.weight',
  words: 'page weight of a first visit',
  unit: 'B',
  baseline: 80_000,
  candidate: 100_000,
  ratio: 1.25,
  interval: [1.24, null],
  verdict: 'worse',
  says: 'more',
  pairs: 15,
};

/** A comparison with a metric that got worse and one that did not. */
export function comparisonOf(parts: Partial<Comparison> = {}): Comparison {
  return {
    schemaVersion: 1,
    startedAt: '2027-01-15T08:00:00.000Z',
    durationMs: 61_000,
    sides: {
      baseline: {
        kind: 'commit',
        commit: 'a'.repeat(40),
        shown: 'main (aaaaaaa)',
        failedRequests: 0,
      },
      candidate: {
        kind: 'workingTree',
        commit: null,
        shown: 'the working tree',
        failedRequests: 2,
      },
    },
    candidateArgs: [],
    modelMedianMs: 20,
    environment: { cpu: 'a cpu', browser: null },
    seed: 7,
    dropped: { failed: 2, disturbed: 1 },
    metrics: [WORSE, SAME],
    notMeasured: [],
    ...parts,
  };
}
