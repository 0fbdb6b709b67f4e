import { type CompactLine, emptyColumns, NONE } from './loadLine.ts';
import { LoadTable } from './loadTable.ts';

/** Due times are rounded to 1 µs. */
const RESOLUTION_MS = 0.001;

/** A request of one shard that another shard's schedule contradicts. `shard` and `other` are places in the list of shards. */
export type Contradiction = { shard: number; other: number; found: string; expected: string };

/**
 * Puts the requests of the shards of one load into one order: that of their schedule; of a closed model, which has none, that of time. What
 * no shard offered is left out.
 * @param shards each with the requests of one machine
 * @param refuse called if the due times cannot be of one schedule
 */
export function mergeLoads(
  workload: string,
  shards: readonly LoadTable[],
  refuse: (contradiction: Contradiction) => never,
): LoadTable {
  const lanes = shards.map(({ lines }, shard) => new Lane(lines, shard));
  const key = lanes[0]?.line?.step.model === 'closed' ? 'dueAtMs' : 'place';
  const merged = new MergedLines(lanes);
  let [part, dueMs, other] = [0, 0, 0];
  for (;;) {
    let next: Lane | undefined;
    for (const lane of lanes) {
      if (lane.line !== undefined && (next === undefined || lane[key] < next[key])) next = lane;
    }
    if (next === undefined) return new LoadTable(workload, merged.finish());
    if (key === 'place' && next.part === part && next.dueMs < dueMs - RESOLUTION_MS) {
      const found = `request ${next.place} due at ${next.dueMs} ms`;
      refuse({ shard: next.shard, other, found, expected: `no sooner than ${dueMs} ms` });
    }
    ({ part, dueMs, shard: other } = next);
    merged.add(next);
    next.moveOn();
  }
}

/** A cursor over the requests of one shard. */
class Lane {
  readonly shard: number;
  /** Starts of the parts in which it offered the load. */
  readonly startsMs: number[];
  readonly #lines: CompactLine[];
  /** Undefined at the end. */
  line: CompactLine | undefined;
  at = 0;
  /** Place in `startsMs`. */
  part = 0;

  constructor(lines: readonly CompactLine[], shard: number) {
    this.shard = shard;
    // From the end, so that each line can be dropped once it was read: all of them take hundreds of megabytes.
    this.#lines = lines
      .filter(({ index }) => index.length > 0)
      .sort((a, b) => (b.index[0] as number) - (a.index[0] as number));
    this.startsMs = [...new Set(this.#lines.map(({ fromMs }) => fromMs))].reverse();
    this.line = this.#lines.pop();
  }

  get place(): number {
    return this.line?.index[this.at] as number;
  }

  get dueMs(): number {
    return this.line?.dueMs[this.at] as number;
  }

  get dueAtMs(): number {
    return (this.line?.fromMs as number) + this.dueMs;
  }

  moveOn(): void {
    if (++this.at < (this.line?.index.length ?? 0)) return;
    this.at = 0;
    this.line = this.#lines.pop();
    if (this.line !== undefined) this.part = this.startsMs.indexOf(this.line.fromMs);
  }
}

/** Requests of a merged line. */
const MOST_REQUESTS = 1_000;

/** Collects requests as lines of the merged load. Each part of it begins where the first shard began it. */
class MergedLines {
  readonly #lines: CompactLine[] = [];
  readonly #startsMs: number[];
  #from: CompactLine[] = [];
  #at: number[] = [];
  #part = 0;

  constructor(lanes: readonly Lane[]) {
    const parts = Math.max(0, ...lanes.map(({ startsMs }) => startsMs.length));
    this.#startsMs = Array.from({ length: parts }, (_, part) =>
      Math.min(...lanes.flatMap(({ startsMs }) => startsMs[part] ?? [])),
    );
  }

  add({ line, at, part }: Lane): void {
    if (line === undefined) return;
    const isOther = part !== this.#part || line.warmUp !== this.#from[0]?.warmUp;
    if (isOther || this.#from.length === MOST_REQUESTS) this.#flush();
    this.#part = part;
    this.#from.push(line);
    this.#at.push(at);
  }

  finish(): CompactLine[] {
    this.#flush();
    return this.#lines;
  }

  #flush(): void {
    const [first] = this.#from;
    if (first === undefined) return;
    const fromMs = this.#startsMs[this.#part] ?? first.fromMs;
    const columns = emptyColumns(this.#from.length);
    const names = { operation: new Names(), tenant: new Names(), failure: new Names() };
    const otherIds: NonNullable<CompactLine['otherIds']>[] = [];
    for (const [to, line] of this.#from.entries()) {
      const at = this.#at[to] as number;
      for (const name of COPIED) columns[name][to] = line[name][at] as number;
      columns.dueMs[to] = (line.dueMs[at] as number) + (line.fromMs - fromMs);
      columns.operation[to] = names.operation.place(line.operations, line.operation[at]);
      columns.tenant[to] = names.tenant.place(line.tenants, line.tenant[at]);
      columns.failure[to] = names.failure.place(line.failures, line.failure[at]);
      if (at === 0 && line.otherIds !== undefined) otherIds.push(line.otherIds);
    }
    const [other] = otherIds;
    const { otherIds: _, ...head } = first;
    this.#lines.push({
      ...head,
      fromMs,
      ...columns,
      operations: names.operation.list(),
      tenants: names.tenant.list(),
      failures: names.failure.list(),
      ...(other && { otherIds: { ...other, n: otherIds.reduce((sum, { n }) => sum + n, 0) } }),
    });
    [this.#from, this.#at] = [[], []];
  }
}

const COPIED = ['index', 'lateMs', 'serviceMs', 'modelMs', 'isolated', 'connectionReused'] as const;

/** The names of a merged line, which the shards may number in other ways. */
class Names {
  readonly #places = new Map<string, number>();

  /** The place of the name that has this place in the list of a shard. */
  place(names: readonly string[], at: number | undefined): number {
    const name = names[at ?? NONE];
    if (name === undefined) return NONE;
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return place;
  }

  list(): string[] {
    return [...this.#places.keys()];
  }
}
