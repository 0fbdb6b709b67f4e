import { z } from 'zod';
import type { Limit, Metric } from '../core/budget/metric.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { EventSeries } from '../core/record/event.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { formatValue } from '../core/verdict/format.ts';
import type { Derivation } from './derivation.ts';
import type { LoadDerivation, LoadReader } from './loadEvents.ts';

/** A metric as its family defines it, with its derivation from the record. Its key in the family is its name. */
export type MetricEntry = Omit<Metric, 'name' | 'toJSON' | 'topic'> &
  (OwnDerivation | OtherDerivation) & {
    /** Reads one request of a load; for a metric that a load is judged by. */
    readLoad?: LoadReader;
    /** Makes events of a load, where its requests are not the events. */
    deriveLoad?: LoadDerivation;
  };

/** Makes observations of what was measured one by one. */
type OwnDerivation = { derive: Derivation; deriveSeries?: never };

/** Makes its events of something else than its own measurements. */
type OtherDerivation = { derive?: never; deriveSeries: DeriveSeries };

type DeriveEvents = (objective: Objective, record: Readonly<RunRecord>) => EventSeries;

/** @param deriveEvents makes the events of another objective */
export type DeriveSeries = (...given: [...Parameters<DeriveEvents>, DeriveEvents]) => EventSeries;

type Shape = Partial<MetricEntry>;

export const describeSlow = ({ objective, unit }: Limit) => `took ${objective} ${unit} or longer`;

export const describeReached = ({ objective, unit }: Limit) =>
  `came to ${formatValue(objective, unit)} or more`;

export const describeExceeded = ({ objective, unit }: Limit) =>
  `took more than ${formatValue(objective, unit)}`;

export const QUANTILE = {
  kind: 'quantile',
  chart: 'ECDF',
  statistics: ['p50', 'p75', 'p90', 'p95', 'p99'],
} as const satisfies Shape;

export const TIME = {
  ...QUANTILE,
  unit: 'ms',
  key: 'belowMs',
  limit: z.number().positive().describe('The quantile must be below this, in ms'),
} as const satisfies Shape;

/** The median must be above the objective: a spread, a ratio or a score describes the middle of many values, not a tail. */
export const MEDIAN_ABOVE = {
  ...QUANTILE,
  statistics: ['p50'],
  wantsMore: true,
} as const satisfies Shape;

export const GOOD_SHARE = {
  kind: 'share',
  chart: 'share so far',
  unit: 'share',
  key: 'aboveShare',
  limit: z
    .number()
    .gt(0)
    .lt(1, 'less than 1: it is a share, so 99.9 % is 0.999')
    .describe('Share of good events that must be exceeded'),
  statistics: [''],
} as const satisfies Shape;

export const ZERO_TOLERANCE = {
  kind: 'zeroTolerance',
  chart: 'each request',
  unit: 'share',
  key: 'atMostBad',
  limit: z.literal(0).describe('Not one may be bad; sampleBudget says of how many'),
  statistics: [''],
} as const satisfies Shape;

export const MAXIMUM = { kind: 'maximum', statistics: [''] } as const satisfies Shape;

export const MAX_TIME = {
  ...MAXIMUM,
  chart: 'each value',
  unit: 'ms',
  key: 'atMostMs',
  limit: z.number().positive().describe('None may take longer than this, in ms'),
} as const satisfies Shape;

export const MAX_BYTES = {
  ...MAXIMUM,
  chart: 'each value',
  unit: 'B',
  key: 'atMostBytes',
  limit: z.int().positive().describe('None may take more bytes'),
  describeBad: describeExceeded,
} as const satisfies Shape;

export const MAX_CALLS = {
  ...MAXIMUM,
  chart: 'counts',
  unit: 'calls',
  key: 'atMostCalls',
  limit: z.int().positive().describe('None may cost more calls than this'),
} as const satisfies Shape;

export const GROWTH = {
  kind: 'growth',
  chart: 'growth',
  statistics: [''],
  describeBad: describeExceeded,
} as const satisfies Shape;

/** Where to look in advice about requests that the target itself logged. */
export const IN_THE_LOG = 'Find these requests in the log of the target by their request ids';
