import { z } from 'zod';
import { answeredIds } from './answeredIds.ts';

/** A column is checked as a whole: entry by entry, zod takes as long for a million requests as all else that is done with them. */
function column<T>(what: string, holds: (entry: unknown) => boolean) {
  return z.custom<T[]>((value) => Array.isArray(value) && value.every(holds), `a list of ${what}`);
}

const isDuration = (entry: unknown): boolean => typeof entry === 'number' && entry >= 0;
const isPlace = (entry: unknown): boolean => Number.isSafeInteger(entry) && (entry as number) >= 0;
const isFlag = (entry: unknown): boolean => entry === null || typeof entry === 'boolean';

const places = column<number>('whole numbers from 0 on', isPlace);
const durations = column<number | null>(
  'durations in ms, or null',
  (entry) => entry === null || isDuration(entry),
);
const flags = column<boolean | null>('true, false or null', isFlag);

/** As many as a line may name: places take two bytes in memory. */
const MOST_NAMES = 32_767;
const names = z.array(z.string()).max(MOST_NAMES);

/** What a load is, for whoever reads its record: an open model of this rate, a closed one, or a step of a search. */
export const loadStep = z.strictObject({
  model: z.enum(['open', 'closed', 'step']),
  /** Offered by the schedule; null where it changes, or follows the answers. */
  ratePerSecond: z.number().positive().nullable(),
});

const otherIds = z.strictObject({
  n: z.int().positive(),
  sent: z.string().nullable(),
  answered: answeredIds,
});

/**
 * Some hundred requests of a load in the order of their intended starts, column by column: a load has too many for a line each. An entry of
 * each column is that of one request; null is what was not observed, or never happened.
 */
export const loadLine = z
  .strictObject({
    type: z.literal('load'),
    workload: z.string(),
    scope: z.string().regex(/^[0-9a-f]{8}$/),
    step: loadStep,
    /** Thrown away: all of them. */
    warmUp: z.boolean(),
    /** What `dueMs` counts from, since the epoch. */
    fromMs: z.number().positive(),
    operations: names,
    tenants: names,
    failures: names,
    /** Place of the request in its scope. */
    index: places,
    /** Intended start. */
    dueMs: column<number>('durations in ms', isDuration),
    /** Sent later than that by so much; null: never sent. */
    lateMs: durations,
    /** Handed to the HTTP client → end of the exchange; null: never sent. */
    serviceMs: durations,
    /** Of that, the time that the model took for all of its calls; null: not known. */
    modelMs: durations,
    /** Places in `operations` and `tenants`. */
    operation: places,
    tenant: places,
    /** Place in `failures`; null: answered. */
    failure: column<number | null>(
      'whole numbers from 0 on, or null',
      (entry) => entry === null || isPlace(entry),
    ),
    /** Was the answer that of the tenant who asked? Null: not checked. */
    isolated: flags,
    connectionReused: flags,
    /** Answers that did not carry the id of their request: how many, and the first; absent: none. */
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

export const COLUMNS = [
  'index',
  'dueMs',
  'lateMs',
  'serviceMs',
  'modelMs',
  'operation',
  'tenant',
  'failure',
  'isolated',
  'connectionReused',
] as const;

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
