/** The two versions that are compared. */
export const SIDES = ['baseline', 'candidate'] as const;
export type SideName = (typeof SIDES)[number];

type Operation = 'classify' | 'chat';

/** One answered request. Without a mocked model, its calls are unknown and count as none. */
export type MeasuredRequest = {
  operation: Operation;
  latencyMs: number;
  /** From the end of its classification to the last byte; the whole latency where no classification was seen. */
  narrativeMs: number;
  /** Latency less the time of the model's calls. */
  ownMs: number;
  calls: number;
  tokens: number;
};

/** What one side showed in a pair: a few requests, or a question and a visit to its page. */
export type Block = {
  requests: readonly MeasuredRequest[];
  /** Sent one at a time, to a model that answers at once: no other request adds to their own time. Empty once own times are clear. */
  sequential: readonly MeasuredRequest[];
  page: { heapBytes: number; visitBytes: number } | null;
};

/** Blocks of both sides, with the same questions and the same latencies of the model. */
export type Pair = Record<SideName, Block>;

/** What it takes to measure a metric. */
export type Need = 'requests' | 'modelCalls' | 'realModel' | 'page';

/** A metric of the comparison. More is worse. */
export type Metric = {
  id: string;
  words: string;
  unit: 'ms' | 'calls' | 'tokens' | 'B';
  needs: Need;
  /** Can it be worse in its slowest 1 % alone? Own times leave that to the latency, so that their requests can end early. */
  hasTail: boolean;
  more: string;
  less: string;
  /** The values of a block. */
  read: (block: Block) => number[];
};

/** To add a metric, add an entry. */
export const METRICS: readonly Metric[] = [
  time('classify.latency', 'classify time', 'requests', 'classify', 'latencyMs'),
  time('narrative.latency', 'narrative time', 'modelCalls', 'chat', 'narrativeMs'),
  time('chat.latency', 'chat time', 'realModel', 'chat', 'latencyMs'),
  time('classify.ownTime', 'own time of classify', 'modelCalls', 'classify', 'ownMs'),
  time('chat.ownTime', 'own time of chat', 'modelCalls', 'chat', 'ownMs'),
  amount('modelCalls', 'model calls per request', 'calls', 'modelCalls', meanOf('calls')),
  amount('tokens', 'tokens per request (by the AI mock)', 'tokens', 'modelCalls', meanOf('tokens')),
  amount('page.heap', 'page heap after a question', 'B', 'page', fromPage('heapBytes')),
  amount('page.weight', 'page weight of a first visit', 'B', 'page', fromPage('visitBytes')),
];

/**
 * The clocks of two processes differ a little, so an own time can come out at zero or below, which has no logarithm. No exchange over HTTP
 * takes less than this.
 */
const LEAST_MS = 0.1;

function time(
  id: string,
  words: string,
  needs: Need,
  operation: Operation,
  value: 'latencyMs' | 'narrativeMs' | 'ownMs',
): Metric {
  const read: Metric['read'] = ({ requests, sequential }) =>
    (value === 'ownMs' ? sequential : requests)
      .filter((request) => request.operation === operation)
      .map((request) => Math.max(request[value], LEAST_MS));
  const common = { id, words, needs, read, hasTail: value !== 'ownMs' };
  return { ...common, unit: 'ms', more: 'slower', less: 'faster' };
}

function amount(
  id: string,
  words: string,
  unit: Metric['unit'],
  needs: Need,
  read: Metric['read'],
): Metric {
  const common = { id, words, unit, needs, read };
  return { ...common, hasTail: false, more: 'more', less: 'less' };
}

/** A version that calls no model at all has none to divide by. */
const LEAST_AMOUNT = 0.01;

/** A mean, since the median does not show that a few requests of a block call the model again. */
function meanOf(value: 'calls' | 'tokens'): Metric['read'] {
  return ({ requests }) => {
    const sum = requests.reduce((total, request) => total + request[value], 0);
    return [Math.max(sum / requests.length, LEAST_AMOUNT)];
  };
}

function fromPage(value: 'heapBytes' | 'visitBytes'): Metric['read'] {
  return ({ page }) => (page === null ? [] : [page[value]]);
}
