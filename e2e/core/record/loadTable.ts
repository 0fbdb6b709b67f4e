import { HarnessError } from '../harnessError.ts';
import {
  type CompactLine,
  flagAt,
  type LoadRequest,
  type LoadStep,
  NONE,
  timeAt,
} from './loadLine.ts';
import type { Shard } from './recordLine.ts';

/** A cursor over the requests of a load. Values are read when they are asked for: most passes need few of them. */
export class LoadRow implements LoadRequest {
  line: CompactLine;
  at = -1;

  constructor(line: CompactLine) {
    this.line = line;
  }

  get id(): string {
    return `${this.line.scope}-${this.index}`;
  }

  get index(): number {
    return this.line.index[this.at] as number;
  }

  get dueAtMs(): number {
    return this.line.fromMs + (this.line.dueMs[this.at] as number);
  }

  get lateMs(): number | null {
    return timeAt(this.line.lateMs, this.at);
  }

  get serviceMs(): number | null {
    return timeAt(this.line.serviceMs, this.at);
  }

  get modelMs(): number | null {
    return timeAt(this.line.modelMs, this.at);
  }

  get operation(): string {
    return this.line.operations[this.line.operation[this.at] as number] as string;
  }

  get tenant(): string {
    return this.line.tenants[this.line.tenant[this.at] as number] as string;
  }

  get failure(): string | null {
    const failure = this.line.failure[this.at] as number;
    return failure === NONE ? null : (this.line.failures[failure] as string);
  }

  get isolated(): boolean | null {
    return flagAt(this.line.isolated, this.at);
  }

  get connectionReused(): boolean | null {
    return flagAt(this.line.connectionReused, this.at);
  }
}

// Not a generator: resuming one a million times takes longer than most passes themselves.
function iterateRows([first, ...others]: CompactLine[]): Iterator<LoadRow> {
  if (first === undefined) return [].values();
  const row = new LoadRow(first);
  const result = { done: false, value: row };
  const lines = others.values();
  const next = (): IteratorResult<LoadRow> => {
    row.at++;
    while (row.at >= row.line.index.length) {
      const line = lines.next();
      if (line.done) return line;
      row.line = line.value;
      row.at = 0;
    }
    return result;
  };
  return { next };
}

/** Response time: from the intended start to the end; null: never sent. */
export function responseMs({ lateMs, serviceMs }: LoadRequest): number | null {
  return lateMs === null || serviceMs === null ? null : lateMs + serviceMs;
}

/** The lines of one load. A million requests are read from their columns, without an object for each. */
export class LoadTable {
  readonly workload: string;
  readonly lines: readonly CompactLine[];
  #silences: Silence[] | undefined;

  constructor(workload: string, lines: readonly CompactLine[]) {
    this.workload = workload;
    this.lines = lines;
  }

  /** The judged requests, in the order of intended starts within each line. They share an object: do not collect them in a list. */
  judged(): Iterable<LoadRow> {
    return { [Symbol.iterator]: () => iterateRows(this.lines.filter(({ warmUp }) => !warmUp)) };
  }

  /** Number of judged requests. */
  get n(): number {
    return this.lines.reduce((sum, { warmUp, index }) => sum + (warmUp ? 0 : index.length), 0);
  }

  /**
   * The longest silence of each second, from the first intended start on. A silence lasts from an answer, or from the intended start of the
   * earliest waiting request, to the next answer. A failure counts as an answer. A second in which no request ended has none.
   */
  get silences(): readonly Silence[] {
    this.#silences ??= findSilences(this);
    return this.#silences;
  }

  /** The steps of a search, in the order in which they began. */
  steps(): { step: LoadStep; table: LoadTable }[] {
    const groups = Map.groupBy(this.lines, ({ step }) => `${step.model} ${step.ratePerSecond}`);
    return [...groups.values()].map((lines) => ({
      step: (lines[0] as CompactLine).step,
      table: new LoadTable(this.workload, lines),
    }));
  }
}

/**
 * The loads of a record. A line that is there twice counts once.
 * @param shard whose requests alone the record holds
 * @throws HarnessError RECORD_INVALID for a gap in the numbers of the requests, since failed ones are recorded too
 */
export function buildLoadTables(
  lines: readonly CompactLine[],
  file: string,
  shard: Pick<Shard, 'index' | 'of'> = { index: 1, of: 1 },
): LoadTable[] {
  const once = new Map(lines.map((line) => [`${line.scope}-${line.index[0]}`, line]));
  for (const mine of Map.groupBy(once.values(), ({ scope }) => scope).values()) {
    refuseGaps(mine, file, shard);
  }
  const byWorkload = Map.groupBy(once.values(), ({ workload }) => workload);
  return [...byWorkload].map(([workload, mine]) => new LoadTable(workload, mine));
}

function refuseGaps(
  lines: readonly CompactLine[],
  file: string,
  { index: shard, of }: Pick<Shard, 'index' | 'of'>,
): void {
  let next = shard - 1;
  for (const { workload, index } of lines.toSorted(
    (a, b) => (a.index[0] ?? 0) - (b.index[0] ?? 0),
  )) {
    for (const place of index) {
      if (place !== next) {
        throw new HarnessError({
          code: 'RECORD_INVALID',
          summary: `${file} lacks requests of the load "${workload}".`,
          file,
          path: `load → ${workload} → index`,
          found: String(place),
          expected: String(next),
          remedy: 'Run the measurement again; the record must not be edited.',
        });
      }
      next += of;
    }
  }
}

/** The longest time without an answer, while a request was waiting, that ended in one second of a load. */
type Silence = {
  /** From 0. */
  second: number;
  atMs: number;
  silentMs: number;
};

const SECOND_MS = 1000;

function findSilences(table: LoadTable): Silence[] {
  const dueAtMs = new Float64Array(table.n);
  const endAtMs = new Float64Array(table.n);
  let n = 0;
  for (const request of table.judged()) {
    const { lateMs, serviceMs } = request;
    if (lateMs === null || serviceMs === null) continue;
    dueAtMs[n] = request.dueAtMs;
    endAtMs[n++] = request.dueAtMs + lateMs + serviceMs;
  }
  sortByDue(dueAtMs.subarray(0, n), endAtMs.subarray(0, n));
  const startAtMs = dueAtMs[0] ?? 0;
  const sortedEndAtMs = endAtMs.slice(0, n).sort();
  // The earliest due request that is still waiting.
  let earliest = 0;
  const bySecond = new Map<number, Silence>();
  let lastEndMs = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < n; at++) {
    const atMs = sortedEndAtMs[at] as number;
    while ((endAtMs[earliest] as number) < atMs) earliest++;
    const silentMs = atMs - Math.max(lastEndMs, dueAtMs[earliest] as number);
    const second = Math.floor((atMs - startAtMs) / SECOND_MS);
    const longest = bySecond.get(second);
    if (longest === undefined || longest.silentMs < silentMs) {
      bySecond.set(second, { second, atMs, silentMs });
    }
    lastEndMs = atMs;
  }
  return [...bySecond.values()];
}

/** A load is recorded in this order. Only joined records need to be sorted. */
function sortByDue(dueAtMs: Float64Array, endAtMs: Float64Array): void {
  if (dueAtMs.every((due, at) => at === 0 || due >= (dueAtMs[at - 1] as number))) return;
  const order = Uint32Array.from(dueAtMs, (_, at) => at).sort(
    (a, b) => (dueAtMs[a] as number) - (dueAtMs[b] as number),
  );
  for (const values of [dueAtMs, endAtMs]) {
    values.set(Float64Array.from(order, (at) => values[at] as number));
  }
}

/** Collects values in a typed array: a list of a million numbers takes several times the memory. */
export class GrowingSample {
  #values: Float64Array;
  #length = 0;

  /** @param expected number of values to make room for */
  constructor(expected = 64) {
    this.#values = new Float64Array(Math.max(1, expected));
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The values so far, without a copy. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}
