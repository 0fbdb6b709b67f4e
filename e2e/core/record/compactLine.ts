import type { LoadLine } from './loadLine.ts';

type Head =
  | 'workload'
  | 'scope'
  | 'step'
  | 'warmUp'
  | 'fromMs'
  | 'operations'
  | 'tenants'
  | 'failures'
  | 'otherIds';

/**
 * A line of a load with its columns in typed arrays: some forty bytes a request, where lists of a million take several times that. What is
 * null in the record is NaN among times, which JSON knows none of, and `NONE` among places and flags.
 */
export type CompactLine = Pick<LoadLine, Head> & {
  index: Uint32Array;
  dueMs: Float64Array;
  lateMs: Float64Array;
  serviceMs: Float64Array;
  modelMs: Float64Array;
  operation: Int16Array;
  tenant: Int16Array;
  failure: Int16Array;
  isolated: Int8Array;
  connectionReused: Int8Array;
};

export const NONE = -1;

export function compactLine(line: LoadLine): CompactLine {
  const { workload, scope, step, warmUp, fromMs, operations, tenants, failures } = line;
  const n = line.index.length;
  // One piece of memory for all columns, the widest first: a piece for each would take half as much again.
  const memory = new ArrayBuffer(n * BYTES);
  const times = (at: number) => new Float64Array(memory, n * at * 8, n);
  const places = (at: number) => new Int16Array(memory, n * (AFTER_INDEX + at * 2), n);
  const flags = (at: number) => new Int8Array(memory, n * (AFTER_PLACES + at), n);
  return {
    ...{ workload, scope, step, warmUp, fromMs, operations, tenants, failures },
    ...(line.otherIds === undefined ? {} : { otherIds: line.otherIds }),
    dueMs: fill(times(0), line.dueMs, Number.NaN),
    lateMs: fill(times(1), line.lateMs, Number.NaN),
    serviceMs: fill(times(2), line.serviceMs, Number.NaN),
    modelMs: fill(times(3), line.modelMs, Number.NaN),
    index: fill(new Uint32Array(memory, n * AFTER_TIMES, n), line.index, 0),
    operation: fill(places(0), line.operation, NONE),
    tenant: fill(places(1), line.tenant, NONE),
    failure: fill(places(2), line.failure, NONE),
    isolated: fill(flags(0), line.isolated, NONE),
    connectionReused: fill(flags(1), line.connectionReused, NONE),
  };
}

/** Bytes of a request: four times, an index, three places, two flags. */
const AFTER_TIMES = 4 * 8;
const AFTER_INDEX = AFTER_TIMES + 4;
const AFTER_PLACES = AFTER_INDEX + 3 * 2;
const BYTES = AFTER_PLACES + 2;

function fill<Column extends Float64Array | Uint32Array | Int16Array | Int8Array>(
  column: Column,
  entries: readonly (number | boolean | null)[],
  none: number,
): Column {
  // Plain, since it runs over millions: `from` with a function takes four times as long.
  for (let at = 0; at < column.length; at++) {
    const entry = entries[at];
    column[at] = entry === null ? none : Number(entry);
  }
  return column;
}

/** Null where there is none. */
export function timeAt(times: Float64Array, at: number): number | null {
  const ms = times[at] as number;
  return Number.isNaN(ms) ? null : ms;
}

/** Null where there is none. */
export function flagAt(flags: Int8Array, at: number): boolean | null {
  const flag = flags[at] as number;
  return flag === NONE ? null : flag === 1;
}
