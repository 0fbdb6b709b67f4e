/** The two versions that are compared. */
export const SIDES = ['baseline', 'candidate'] as const;
export type SideName = (typeof SIDES)[number];

/** One answered request. Without a mocked model, its calls are unknown and count as none. */
export type MeasuredRequest = {
  operation: 'classify' | 'chat';
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
  /** Can it be worse in its slowest 1 % alone? */
  hasTail: boolean;
  more: string;
  less: string;
  /** The values of a block. Their median stands for the block. */
  read: (block: Block) => number[];
};

const TIME = { unit: 'ms', hasTail: true, more: 'slower', less: 'faster' } as const;
const AMOUNT = { hasTail: false, more: 'more', less: 'less' } as const;

/** To add a metric, add an entry. */
export const METRICS: readonly Metric[] = [
  {
    ...TIME,
    id: 'classify.latency',
    words: 'classify time',
    needs: 'requests',
    read: (block) => timesOf(block, 'classify', 'latencyMs'),
  },
  {
    ...TIME,
    id: 'narrative.latency',
    words: 'narrative time',
    needs: 'modelCalls',
    read: (block) => timesOf(block, 'chat', 'narrativeMs'),
  },
  {
    ...TIME,
    id: 'chat.latency',
    words: 'chat time',
    needs: 'realModel',
    read: (block) => timesOf(block, 'chat', 'latencyMs'),
  },
  {
    ...TIME,
    id: 'classify.ownTime',
    words: 'own time of classify',
    needs: 'modelCalls',
    read: (block) => timesOf(block, 'classify', 'ownMs'),
  },
  {
    ...TIME,
    id: 'chat.ownTime',
    words: 'own time of chat',
    needs: 'modelCalls',
    read: (block) => timesOf(block, 'chat', 'ownMs'),
  },
  {
    ...AMOUNT,
    id: 'modelCalls',
    words: 'model calls per request',
    unit: 'calls',
    needs: 'modelCalls',
    read: (block) => meanOf(block, 'calls'),
  },
  {
    ...AMOUNT,
    id: 'tokens',
    words: "tokens per request (the AI mock's estimate)",
    unit: 'tokens',
    needs: 'modelCalls',
    read: (block) => meanOf(block, 'tokens'),
  },
  {
    ...AMOUNT,
    id: 'page.heap',
    words: 'page heap after a question',
    unit: 'B',
    needs: 'page',
    read: ({ page }) => (page === null ? [] : [page.heapBytes]),
  },
  {
    ...AMOUNT,
    id: 'page.weight',
    words: 'page weight of a first visit',
    unit: 'B',
    needs: 'page',
    read: ({ page }) => (page === null ? [] : [page.visitBytes]),
  },
];

/**
 * The clocks of two processes differ a little, so an own time can come out at zero or below, which has no logarithm. No exchange over HTTP
 * takes less than this.
 */
const LEAST_MS = 0.1;

function timesOf(
  { requests }: Block,
  operation: MeasuredRequest['operation'],
  name: 'latencyMs' | 'narrativeMs' | 'ownMs',
): number[] {
  const mine = requests.filter((request) => request.operation === operation);
  return mine.map((request) => Math.max(request[name], LEAST_MS));
}

/** A version that calls no model at all has none to divide by. */
const LEAST_AMOUNT = 0.01;

/** A mean, since the median does not show that a few requests of a block call the model again. */
function meanOf({ requests }: Block, name: 'calls' | 'tokens'): number[] {
  const sum = requests.reduce((total, request) => total + request[name], 0);
  return [Math.max(sum / requests.length, LEAST_AMOUNT)];
}
