/**
 * How a metric is judged. `quantile`: a quantile must be below the objective, or above it. `share`: more than a share of all events must be
 * good. `most`: no event may exceed the objective. `never`: no event may be bad. `growth`: from each event to the next, values may grow by no
 * more than the objective. `capacity`: a rate above the objective must be kept up.
 */
export type MetricKind = 'quantile' | 'share' | 'most' | 'never' | 'growth' | 'capacity';

/** `use` is one use of what is measured: a question asked of a page, a request to a process. */
export type Unit =
  | 'ms'
  | 'share'
  | 'calls'
  | 'calls/s'
  | '×'
  | '%'
  | 'requests'
  | 'B'
  | 'points'
  | 'shift'
  | 'B/use'
  | 'nodes/use'
  | 'listeners/use'
  | 'documents/use'
  | 'ms/1,000 requests'
  | 'requests/s';

/** A metric: how it is judged, in which unit, and how a budget writes it down. */
export type Metric = {
  kind: MetricKind;
  unit: Unit;
  /** Key of the objective in a budget; it says direction and unit. */
  key: string;
  /** Last parts of its objectives' ids; the empty one leaves the id at `<operation>.<metric>`. */
  statistics: readonly string[];
  /** Greater values are better: the quantile must be above the objective. */
  wantsMore?: true;
  /** Metric of the same operation without which this one has nothing to measure: no gap without a retry. */
  presupposes?: string;
  /** Whether an event is bad is a matter of time, though its value is none: of what was over by when. */
  isTimed?: true;
  /** May be measured as less than zero. */
  mayBeNegative?: true;
  /** Each request makes its own choice, though all are under way at once: no more bad events in a row than this are of one mishap. */
  mostInABurst?: number;
};

const quantiles = {
  kind: 'quantile',
  statistics: ['p50', 'p75', 'p90', 'p95', 'p99'],
} as const;
const latencyLike = { ...quantiles, unit: 'ms', key: 'belowMs' } as const;
const aboveShare = {
  kind: 'share',
  unit: 'share',
  key: 'aboveShare',
  statistics: [''],
} as const;
const never = { kind: 'never', unit: 'share', key: 'atMostBad', statistics: [''] } as const;
/** Judged by what was over by when. */
const inTime = { ...never, isTimed: true } as const;
const most = { kind: 'most', statistics: [''] } as const;
/** A spread or a ratio is a property of the middle of many, not of a tail. */
const wantsMore = { kind: 'quantile', statistics: ['p50'], wantsMore: true } as const;
const points = { ...wantsMore, unit: 'points', key: 'abovePoints' } as const;
/** Of the pauses between one request's own attempts. */
const wait = { ...wantsMore, presupposes: 'retried', mostInABurst: 5 } as const;
const growth = { kind: 'growth', statistics: [''] } as const;

/**
 * The metrics that the harness can judge, whatever the product: which recorded value an event is made of, and in which unit.
 * An objective's id is `<operation>.<metric>.<statistic>`, or `<operation>.<metric>` where one statistic is all there is.
 */
export const METRICS = {
  /** Send to last byte; for a part of an answer, from the part's start to its end. */
  latency: { ...latencyLike, presupposes: 'answered' },
  /** Send to the first piece of a streamed answer. */
  firstChunk: latencyLike,
  /** Latency less the time that the model took for it; two clocks take part, so it may come out a little under zero. */
  ownTime: { ...latencyLike, mayBeNegative: true },
  /** Does the latency that an answer reports of itself agree with the one measured? */
  metadata: { ...aboveShare, statistics: ['accuracy'], isTimed: true },
  /** Was the request answered at all? A matter of time too: callers give up, and a connection that waits too long is closed. */
  availability: { ...aboveShare, isTimed: true },
  /** Calls to the model that one request cost. */
  modelCalls: { ...most, unit: 'calls', key: 'atMostCalls', statistics: ['perRequest'] },

  /** Does every answer belong to the tenant that asked? */
  isolation: never,
  /** How much longer a request of another tenant takes than the busiest tenant's at the same time. */
  fairness: { ...latencyLike, mayBeNegative: true },

  /** Was the request answered in spite of the fault? */
  answered: inTime,
  /** Arrival of a call at a model that hangs to the moment when the target gives it up. */
  timeout: { ...most, unit: 'ms', key: 'clientTimeoutMs' },
  /** Send to the answer that says that there will be none. */
  refusal: { ...most, unit: 'ms', key: 'atMostMs' },
  /** Is every call of the model over once the caller has its answer, or soon after? */
  released: { ...inTime, presupposes: 'timeout' },
  /** Does the page say that there will be no answer? */
  page: inTime,
  /** Does the work behind a request stop once its caller has left? */
  workStops: inTime,
  /** Was a call that failed made again? */
  retried: inTime,
  /** Attempts at one call of the model. */
  attempts: { ...most, unit: 'calls', key: 'atMostCalls', isTimed: true },
  /** Calls of the model that one request makes within a second. */
  attemptRate: { ...most, unit: 'calls/s', key: 'atMostCallsPerSecond' },
  /** By how much each wait between attempts is longer than the one before. */
  gapGrowth: { ...wait, unit: '×', key: 'aboveFactor' },
  /** By how much the waits of two requests differ, in percent of the longer. */
  jitter: { ...wait, unit: '%', key: 'abovePercent' },
  /** Did the next attempt wait as long as the model asked for? */
  retryAfter: { ...never, presupposes: 'answered' },
  /** From the moment when the model is well again, or the sending where that is later, to an answer. */
  recovery: { ...most, unit: 'ms', key: 'atMostMs' },
  /** Is every answer that reports a failure in the form of the contract? */
  contract: never,
  /** Does no answer that reports a failure give away detail of the provider or a token? */
  secrecy: never,
  /** Is every answer either sound or a failure in the form of the contract? */
  soundness: never,

  /** For how long the main thread of a page was blocked while it answered. */
  blocking: latencyLike,
  /** The longest pause between two pieces of an answer as they are shown. */
  chunkGap: { ...latencyLike, presupposes: 'streaming' },
  /** Share of the display's frames that the main thread missed while an answer was shown. */
  missedFrames: { ...quantiles, unit: '%', key: 'belowPercent' },
  /** Time to first insight: from the sign-in to the whole first answer. */
  insight: latencyLike,
  /** Is an answer shown piece by piece, and not all at its end? A share: a page that stalls for once shows several pieces in one frame. */
  streaming: aboveShare,
  /** Requests that a page makes for one answer. */
  requests: { ...most, unit: 'requests', key: 'atMostRequests' },
  /** Did the request of a page travel on a connection that was there already? */
  connection: never,
  /** Bytes that a visit of a page takes over the network. */
  weight: { ...most, unit: 'B', key: 'atMostBytes' },
  /** Does a second visit fetch nothing again that could have been kept? */
  caching: never,
  /** Time to First Byte of a visit. */
  ttfb: latencyLike,
  /** First Contentful Paint. */
  fcp: latencyLike,
  /** Largest Contentful Paint. */
  lcp: latencyLike,
  /** Total Blocking Time. */
  tbt: latencyLike,
  /** Cumulative Layout Shift. */
  cls: { ...quantiles, unit: 'shift', key: 'belowShift' },
  /** Interaction to Next Paint, in the lab: of the clicks and keys of a test. */
  inp: latencyLike,
  /** Bytes of scripts and styles that were loaded and not used. */
  unusedBytes: { ...quantiles, unit: 'B', key: 'belowBytes' },
  /** Bytes that Lighthouse saw loaded. */
  totalBytes: { ...quantiles, unit: 'B', key: 'belowBytes' },
  /** Lighthouse's score of performance, of 100. */
  score: points,
  /** Lighthouse's score of accessibility, of 100. */
  accessibility: points,
  /** Lighthouse's score of best practices, of 100. */
  bestPractices: points,
  /** Memory in use, whenever it was looked at. */
  footprint: { ...most, unit: 'B', key: 'atMostBytes' },
  /** Memory that each use leaves behind. */
  growth: { ...growth, unit: 'B/use', key: 'atMostBytesPerUse' },
  /** Nodes of the document that each use leaves behind. */
  nodeGrowth: { ...growth, unit: 'nodes/use', key: 'atMostNodesPerUse' },
  /** Event listeners that each use leaves behind. */
  listenerGrowth: { ...growth, unit: 'listeners/use', key: 'atMostListenersPerUse' },
  /** Documents, such as those of frames, that each use leaves behind. */
  documentGrowth: { ...growth, unit: 'documents/use', key: 'atMostDocumentsPerUse' },

  /** Under load, from the moment that a request was sent: what it waited for before that is left out. */
  serviceTime: latencyLike,
  /** For how long nothing was answered while requests were out. */
  stall: { ...most, unit: 'ms', key: 'atMostMs' },
  /** By how much latency grows, the longer a load lasts. */
  latencyGrowth: {
    ...growth,
    unit: 'ms/1,000 requests',
    key: 'atMostMsPer1000Requests',
  },
  /** The highest rate that is kept up. */
  rate: { kind: 'capacity', unit: 'requests/s', key: 'aboveRate', statistics: [''] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** The metric of this name, without what its own type alone knows. */
export function metricOf(name: MetricName): Metric {
  return METRICS[name];
}
