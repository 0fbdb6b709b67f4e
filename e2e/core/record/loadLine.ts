import { z } from 'zod';
import { answeredIds, epochMs, scope } from './measurementLine.ts';

/** Checks a column at once. Zod's own check of each entry would double the time that reading a million requests takes. */
function column<T>(what: string, holds: (entry: unknown) => boolean) {
  return z.custom<T[]>((value) => Array.isArray(value) && value.every(holds), `a list of ${what}`);
}

const isDuration = (entry: unknown): boolean => Number.isFinite(entry) && (entry as number) >= 0;
const isPlace = (entry: unknown): boolean => Number.isSafeInteger(entry) && (entry as number) >= 0;
const isFlag = (entry: unknown): boolean => entry === null || typeof entry === 'boolean';

const places = column<number>('whole numbers from 0 on', isPlace);
const durations = column<number | null>(
  'durations in ms, or null',
  (entry) => entry === null || isDuration(entry),
);
const flags = column<boolean | null>('true, false or null', isFlag);

/** Far more than a line has requests. */
const MOST_NAMES = 32_767;
const names = z.array(z.string()).max(MOST_NAMES);

/** The workload model: open, closed, or a step of a search. */
export const loadStep = z.strictObject({
  model: z.enum(['open', 'closed', 'step']),
  /** Offered rate; null where it changes, or depends on the answers. */
  ratePerSecond: z.number().positive().nullable(),
});

const otherIds = z.strictObject({
  n: z.int().positive(),
  sent: z.string().nullable(),
  answered: answeredIds,
});

/**
 * Some hundred requests of a load in the order of their intended starts, as columns: a load has too many for a line each. Entry i of each
 * column belongs to request i. Null: not observed, or it did not happen.
 */
export const loadLine = z
  .strictObject({
    type: z.literal('load'),
    workload: z.string(),
    scope,
    step: loadStep,
    /** None of them is judged. */
    warmUp: z.boolean(),
    /** Start of `dueMs`, since the epoch. */
    fromMs: epochMs,
    operations: names,
    tenants: names,
    failures: names,
    /** Place of the request in its scope. */
    index: places,
    /** Intended start. */
    dueMs: column<number>('durations in ms', isDuration),
    /** Sent later than intended by this much; null: never sent. */
    lateMs: durations,
    /** From the HTTP client's start to the end of the exchange; null: never sent. */
    serviceMs: durations,
    /** Time of all calls of the model; null: unknown. */
    modelMs: durations,
    /** Places in `operations` and `tenants`. */
    operation: places,
    tenant: places,
    /** Place in `failures`; null: answered. */
    failure: column<number | null>(
      'whole numbers from 0 on, or null',
      (entry) => entry === null || isPlace(entry),
    ),
    /** Whether the answer belonged to the tenant that asked; null: not checked. */
    isolated: flags,
    connectionReused: flags,
    /** Answers without the id of their request: their number, and the first of them. */
    otherIds: otherIds.optional(),
  })
  .refine((line) => {
    const { length } = line.index;
    return COLUMNS.every((column) => line[column].length === length);
  }, 'columns of one length')
  .refine(
    (line) => COLUMNS_OF_PLACES.every(([column, names]) => arePlaces(line[column], line[names])),
    'places that exist',
  );

const TIMES = ['dueMs', 'lateMs', 'serviceMs', 'modelMs'] as const;
const PLACES_AND_FLAGS = [
  'operation',
  'tenant',
  'failure',
  'isolated',
  'connectionReused',
] as const;
const COLUMNS = ['index', ...TIMES, ...PLACES_AND_FLAGS] as const;

const COLUMNS_OF_PLACES = [
  ['operation', 'operations'],
  ['tenant', 'tenants'],
  ['failure', 'failures'],
] as const;

function arePlaces(places: readonly (number | null)[], names: readonly string[]): boolean {
  return places.every((place) => place === null || place < names.length);
}

export type LoadStep = z.infer<typeof loadStep>;
export type OtherIds = z.infer<typeof otherIds>;
export type LoadLine = z.infer<typeof loadLine>;

/** A request of a load; null: not observed, or it did not happen. */
export type LoadRequest = {
  readonly id: string;
  /** Place in its scope. */
  readonly index: number;
  /** Intended start. */
  dueAtMs: number;
  /** Null: never sent. */
  lateMs: number | null;
  serviceMs: number | null;
  modelMs: number | null;
  operation: string;
  tenant: string;
  failure: string | null;
  isolated: boolean | null;
  connectionReused: boolean | null;
};

/** Timings have a resolution of 1 µs. */
const DECIMALS = 3;

/** A request of a load that is to be written. */
export type EncodableRequest = LoadRequest & {
  /** Intended start, in ms from the start of its part of the load. */
  dueMs: number;
  /** Present where its answer did not carry the id that was sent. */
  otherIds?: Omit<OtherIds, 'n'>;
};

/** Writes requests of one part of a load as a line of the record, in columns. */
export function encodeLoadLine(
  head: Pick<LoadLine, 'workload' | 'scope' | 'step' | 'warmUp' | 'fromMs'>,
  requests: readonly EncodableRequest[],
): LoadLine {
  const operations = indexNames(requests.map(({ operation }) => operation));
  const tenants = indexNames(requests.map(({ tenant }) => tenant));
  const [other, ...others] = requests.flatMap(({ otherIds }) => otherIds ?? []);
  const failures = indexNames(
    requests.flatMap(({ failure }) => (failure === null ? [] : [failure])),
  );
  return {
    type: 'load',
    ...head,
    operations: [...operations.keys()],
    tenants: [...tenants.keys()],
    failures: [...failures.keys()],
    index: requests.map(({ index }) => index),
    dueMs: requests.map(({ dueMs }) => rounded(dueMs)),
    lateMs: requests.map(({ lateMs }) => roundedOrNull(lateMs)),
    serviceMs: requests.map(({ serviceMs }) => roundedOrNull(serviceMs)),
    modelMs: requests.map(({ modelMs }) => roundedOrNull(modelMs)),
    operation: requests.map(({ operation }) => operations.get(operation) as number),
    tenant: requests.map(({ tenant }) => tenants.get(tenant) as number),
    failure: requests.map(({ failure }) =>
      failure === null ? null : (failures.get(failure) as number),
    ),
    isolated: requests.map(({ isolated }) => isolated),
    connectionReused: requests.map(({ connectionReused }) => connectionReused),
    ...(other === undefined ? {} : { otherIds: { n: 1 + others.length, ...other } }),
  };
}

function indexNames(names: readonly string[]): Map<string, number> {
  return new Map([...new Set(names)].map((name, place) => [name, place]));
}

function rounded(ms: number): number {
  return Number(ms.toFixed(DECIMALS));
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : rounded(ms);
}
