import { HarnessError } from '../harnessError.ts';
import type { LoadBlock, LoadKind } from './loadBlock.ts';
import type { LoadRequest, LoadStep } from './loadLine.ts';
import type { Shard } from './recordLine.ts';

/** A cursor over the requests of a load. Values are read when they are asked for: most passes need few of them. */
export class LoadRow implements LoadRequest {
  block: LoadBlock;
  at = -1;

  constructor(block: LoadBlock) {
    this.block = block;
  }

  get id(): string {
    return `${this.block.head.scope}-${this.index}`;
  }

  get index(): number {
    return this.block.index.get(this.at);
  }

  get dueAtMs(): number {
    return this.block.head.fromMs + this.block.dueMs.get(this.at);
  }

  get lateMs(): number | null {
    return orNull(this.block.lateMs.get(this.at));
  }

  get serviceMs(): number | null {
    return orNull(this.block.serviceMs.get(this.at));
  }

  get modelMs(): number | null {
    return orNull(this.block.modelMs.get(this.at));
  }

  get kind(): LoadKind {
    return this.block.kindAt(this.at);
  }

  get operation(): string {
    return this.kind.operation;
  }

  get tenant(): string {
    return this.kind.tenant;
  }

  get failure(): string | null {
    return this.kind.failure;
  }

  get isolated(): boolean | null {
    return this.kind.isolated;
  }

  get connectionReused(): boolean | null {
    return this.kind.connectionReused;
  }
}

function orNull(ms: number): number | null {
  return Number.isNaN(ms) ? null : ms;
}

// Not a generator: resuming one a million times takes longer than most passes themselves.
function iterateRows([first, ...others]: LoadBlock[]): Iterator<LoadRow> {
  if (first === undefined) return [].values();
  const row = new LoadRow(first);
  const result = { done: false, value: row };
  const blocks = others.values();
  const next = (): IteratorResult<LoadRow> => {
    row.at++;
    while (row.at >= row.block.length) {
      const block = blocks.next();
      if (block.done) return block;
      row.block = block.value;
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

/** The requests of one load. A million of them are read from their columns, without an object for each. */
export class LoadTable {
  readonly workload: string;
  #blocks: readonly LoadBlock[];
  #silences: Silence[] | undefined;

  constructor(workload: string, blocks: readonly LoadBlock[]) {
    this.workload = workload;
    this.#blocks = blocks;
  }

  /** In the order of the record. */
  get blocks(): readonly LoadBlock[] {
    return this.#blocks;
  }

  /** Empties the table, so that each block can be dropped once it was copied: all of them may take hundreds of megabytes. */
  takeBlocks(): LoadBlock[] {
    const blocks = [...this.#blocks];
    this.#blocks = [];
    return blocks;
  }

  /** The judged requests, in the order of intended starts within each block. They share an object: do not collect them in a list. */
  judged(): Iterable<LoadRow> {
    const blocks = this.#blocks.filter(({ head }) => !head.warmUp);
    return { [Symbol.iterator]: () => iterateRows(blocks) };
  }

  /** Number of judged requests. */
  get n(): number {
    return this.#blocks.reduce((sum, { head, length }) => sum + (head.warmUp ? 0 : length), 0);
  }

  /** Number of all requests. */
  get total(): number {
    return this.#blocks.reduce((sum, { length }) => sum + length, 0);
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
    const nameOf = ({ head: { step } }: LoadBlock) => `${step.model} ${step.ratePerSecond}`;
    const groups = Map.groupBy(this.#blocks, nameOf);
    return [...groups.values()].map((blocks) => ({
      step: (blocks[0] as LoadBlock).head.step,
      table: new LoadTable(this.workload, blocks),
    }));
  }
}

/**
 * The loads of a record.
 * @param shard whose requests alone the record holds
 * @throws HarnessError RECORD_INVALID for a gap in the numbers of the requests, since failed ones are recorded too
 */
export function buildLoadTables(
  blocks: readonly LoadBlock[],
  file: string,
  shard: Pick<Shard, 'index' | 'of'> = { index: 1, of: 1 },
): LoadTable[] {
  for (const mine of Map.groupBy(blocks, ({ head }) => head.scope).values()) {
    refuseGaps(mine, file, shard);
  }
  const byWorkload = Map.groupBy(blocks, ({ head }) => head.workload);
  return [...byWorkload].map(([workload, mine]) => new LoadTable(workload, mine));
}

function refuseGaps(
  blocks: readonly LoadBlock[],
  file: string,
  { index: shard, of }: Pick<Shard, 'index' | 'of'>,
): void {
  let next = shard - 1;
  const inOrder = blocks.toSorted((a, b) => a.index.get(0) - b.index.get(0));
  for (const { head, index, length } of inOrder) {
    for (let at = 0; at < length; at++) {
      const place = index.get(at);
      if (place !== next) {
        throw new HarnessError({
          code: 'RECORD_INVALID',
          summary: `${file} lacks requests of the load "${head.workload}".`,
          file,
          path: `load → ${head.workload} → index`,
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
/** Those that end in a slice of the load's time are sorted at once: the times of millions would take hundreds of megabytes. */
const REQUESTS_OF_A_SLICE = 100_000;

function findSilences(table: LoadTable): Silence[] {
  const spans = table.blocks.flatMap((block) => findSpan(block) ?? []);
  const startAtMs = Math.min(...spans.map(({ fromMs }) => fromMs));
  const lastAtMs = Math.max(...spans.map(({ untilMs }) => untilMs));
  const slices = Math.ceil(table.n / REQUESTS_OF_A_SLICE);
  const bySecond = new Map<number, Silence>();
  let lastEndMs = Number.NEGATIVE_INFINITY;
  for (let slice = 1; slice <= slices; slice++) {
    const fromMs = lastEndMs;
    const untilMs =
      slice === slices ? lastAtMs : startAtMs + ((lastAtMs - startAtMs) * slice) / slices;
    const blocks = spans.filter((one) => one.untilMs > fromMs && one.fromMs <= untilMs);
    const part = new LoadTable(
      table.workload,
      blocks.map(({ block }) => block),
    );
    const { dueAtMs, endAtMs } = readTimes(part, fromMs);
    // The earliest due request that is still waiting.
    let earliest = 0;
    for (const atMs of endAtMs.filter((ms) => ms <= untilMs).sort()) {
      while ((endAtMs[earliest] as number) < atMs) earliest++;
      const silentMs = atMs - Math.max(lastEndMs, dueAtMs[earliest] as number);
      const second = Math.floor((atMs - startAtMs) / SECOND_MS);
      const longest = bySecond.get(second);
      if (longest === undefined || longest.silentMs < silentMs) {
        bySecond.set(second, { second, atMs, silentMs });
      }
      lastEndMs = atMs;
    }
  }
  return [...bySecond.values()];
}

/** From the first intended start to the last end; null if none of its requests is judged and was sent. */
function findSpan(block: LoadBlock): { block: LoadBlock; fromMs: number; untilMs: number } | null {
  const { dueAtMs, endAtMs } = readTimes(new LoadTable(block.head.workload, [block]));
  const [fromMs] = dueAtMs;
  if (fromMs === undefined) return null;
  return { block, fromMs, untilMs: endAtMs.reduce((most, ms) => Math.max(most, ms), fromMs) };
}

/** Intended starts, in order, and ends of the requests that were sent and ended after a moment. */
function readTimes(
  table: LoadTable,
  afterMs = Number.NEGATIVE_INFINITY,
): { dueAtMs: Float64Array; endAtMs: Float64Array } {
  const dueAtMs = new Float64Array(table.n);
  const endAtMs = new Float64Array(table.n);
  let n = 0;
  for (const request of table.judged()) {
    const { lateMs, serviceMs } = request;
    if (lateMs === null || serviceMs === null) continue;
    const endMs = request.dueAtMs + lateMs + serviceMs;
    if (endMs <= afterMs) continue;
    dueAtMs[n] = request.dueAtMs;
    endAtMs[n++] = endMs;
  }
  const times = { dueAtMs: dueAtMs.subarray(0, n), endAtMs: endAtMs.subarray(0, n) };
  sortByDue(times.dueAtMs, times.endAtMs);
  return times;
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
