import { pageResources, requests } from '../measurements.ts';
import { constantModel, type ModelBehaviour } from '../probes/aiMock.ts';

// What several specs judge. The first of them measures it.

/** The model of the test plan: a whole answer takes 350 ms at the median and 500 ms at P95; a stream begins sooner. */
export const MODEL: ModelBehaviour = {
  latency: { distribution: 'logNormal', medianMs: 350, p95Ms: 500 },
  stream: {
    firstChunk: { distribution: 'logNormal', medianMs: 250, p95Ms: 350 },
    betweenChunks: { distribution: 'logNormal', medianMs: 35, p95Ms: 60 },
  },
};

// Requests are sent until every objective is clear: of each operation at most as many as its largest sample budget. Operations with equal
// budgets are mixed evenly: 2 of each a second.
export const LATENCY_BASELINE = requests({
  workload: 'latencyBaseline',
  operations: ['classify', 'chat', 'narrative'],
  // So low that requests do not queue: each makes one or two model calls, so about three are in flight at a time.
  ratePerSecond: 6,
  warmUpEach: 3,
  model: MODEL,
});

export const PAGE_RESOURCES = pageResources({
  // One page asks one question after the other, and its memory is read after each.
  pageHeap: {
    // The page keeps its latest 20 answers: only after these, growth per question shows what stays behind.
    warmUps: 30,
    // So fast that dozens of questions take seconds.
    model: constantModel({ latencyMs: 5, firstChunkMs: 5, betweenChunksMs: 2 }),
  },
  // The page is opened twice, without a question.
  pageVisits: true,
});
