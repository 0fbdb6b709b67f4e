import type { LoadLine, LoadRequest, OtherIds } from './loadLine.ts';

/** Requests of a block. A place in it takes two bytes. */
const MOST_REQUESTS = 8_192;

/** What all requests of a block have in common. */
type LoadHead = Pick<LoadLine, 'workload' | 'scope' | 'step' | 'warmUp' | 'fromMs'>;

/** What many requests of a load have in common, so that each of them holds a place in a list. */
export type LoadKind = Readonly<
  Pick<LoadRequest, 'operation' | 'tenant' | 'failure' | 'isolated' | 'connectionReused'>
>;

/** Requests of a load in columns, some 18 bytes for each: lists, or an object for each request, would take several times that. */
export class LoadBlock {
  readonly head: LoadHead;
  length = 0;
  readonly index = new PlaceColumn();
  readonly dueMs: TimeColumn;
  readonly lateMs: TimeColumn;
  readonly serviceMs: TimeColumn;
  readonly modelMs: TimeColumn;
  readonly kind: Uint16Array;
  readonly kinds: LoadKind[] = [];
  readonly #places = new Map<LoadKind, number>();
  /** Of the line of the record that begins at a place. */
  readonly otherIds = new Map<number, OtherIds>();

  /**
   * @param leastDueMs of its requests. An earlier one is kept too, and then all of them take twice the memory
   * @param spent a block that is read no more, whose memory this one takes
   */
  constructor(head: LoadHead, leastDueMs: number, spent?: LoadBlock) {
    this.head = head;
    this.dueMs = new TimeColumn(leastDueMs, spent?.dueMs);
    this.lateMs = new TimeColumn(0, spent?.lateMs);
    this.serviceMs = new TimeColumn(0, spent?.serviceMs);
    this.modelMs = new TimeColumn(0, spent?.modelMs);
    this.kind = spent?.kind ?? new Uint16Array(MOST_REQUESTS);
  }

  get isFull(): boolean {
    return this.length === MOST_REQUESTS;
  }

  get lastIndex(): number | undefined {
    return this.length === 0 ? undefined : this.index.get(this.length - 1);
  }

  kindAt(at: number): LoadKind {
    return this.kinds[this.kind[at] as number] as LoadKind;
  }

  /** Adds a request. NaN: a time that was not observed. */
  add(
    kind: LoadKind,
    index: number,
    dueMs: number,
    lateMs: number,
    serviceMs: number,
    modelMs: number,
  ): void {
    const at = this.length++;
    let place = this.#places.get(kind);
    if (place === undefined) {
      place = this.kinds.push(kind) - 1;
      this.#places.set(kind, place);
    }
    this.kind[at] = place;
    this.index.set(at, index);
    this.dueMs.set(at, dueMs);
    this.lateMs.set(at, lateMs);
    this.serviceMs.set(at, serviceMs);
    this.modelMs.set(at, modelMs);
    if (this.isFull) this.#places.clear();
  }
}

/** Places in the schedule. Those at equal distances, as one machine or one shard has them, take no memory. Others take four bytes each. */
class PlaceColumn {
  #first = 0;
  #stride = 1;
  #entries: Uint32Array | undefined;

  get(at: number): number {
    return this.#entries?.[at] ?? this.#first + at * this.#stride;
  }

  /** Called for one place after the other. */
  set(at: number, place: number): void {
    if (at === 0) this.#first = place;
    else if (at === 1) this.#stride = place - this.#first;
    if (this.get(at) === place) return;
    this.#entries ??= new Uint32Array(MOST_REQUESTS).map((_, before) => this.get(before));
    this.#entries[at] = place;
  }
}

const NO_TIME = 0xff_ff_ff_ff;
const MICROS = 1_000;

/** Times in ms; NaN: none. Whole µs, of which the record consists, take four bytes each. If there is another one, all take eight. */
class TimeColumn {
  readonly #fromMicros: number;
  #entries: Uint32Array | Float64Array;
  #isInMicros = true;

  constructor(leastMs: number, spent?: TimeColumn) {
    this.#fromMicros = Math.round(leastMs * MICROS);
    this.#entries = spent?.entries ?? new Uint32Array(MOST_REQUESTS);
  }

  get entries(): Uint32Array | Float64Array {
    return this.#entries;
  }

  get(at: number): number {
    const entry = this.#entries[at] as number;
    if (!this.#isInMicros) return entry;
    return entry === NO_TIME ? Number.NaN : (this.#fromMicros + entry) / MICROS;
  }

  set(at: number, ms: number): void {
    if (this.#isInMicros) {
      const isNone = Number.isNaN(ms);
      this.#entries[at] = isNone ? NO_TIME : Math.round(ms * MICROS) - this.#fromMicros;
      // An entry that does not fit wraps around, and is read as another time.
      if (isNone || this.get(at) === ms) return;
      this.#entries = Float64Array.from(this.#entries, (_, place) => this.get(place));
      this.#isInMicros = false;
    }
    this.#entries[at] = ms;
  }
}

/** Collects the lines of loads in blocks. A line that is there twice counts once. */
export class LoadCollector {
  #blocks: LoadBlock[] = [];
  /** The last block of each scope. */
  readonly #last = new Map<string, LoadBlock>();
  readonly #seen = new Set<string>();
  readonly #kinds = new Map<string, LoadKind>();

  /** @param stride from the place of one request in the schedule to that of the next */
  add(line: LoadLine, stride = 1): void {
    const { scope, index } = line;
    const [first] = index;
    const name = `${scope}-${first}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    let block = this.#last.get(scope);
    if (
      block?.lastIndex === undefined ||
      block.lastIndex + stride !== first ||
      !isAlike(block.head, line)
    ) {
      block = this.#begin(line, 0);
    }
    const kindOf = this.#readKinds(line);
    for (let at = 0; at < index.length; at++) {
      if (block.isFull) block = this.#begin(line, at);
      if (at === 0 && line.otherIds !== undefined) block.otherIds.set(block.length, line.otherIds);
      block.add(
        kindOf(at),
        index[at] as number,
        line.dueMs[at] as number,
        line.lateMs[at] ?? Number.NaN,
        line.serviceMs[at] ?? Number.NaN,
        line.modelMs[at] ?? Number.NaN,
      );
    }
  }

  /** The blocks so far. None of them is changed from now on. */
  get blocks(): readonly LoadBlock[] {
    this.#last.clear();
    return this.#blocks;
  }

  #begin({ workload, scope, step, warmUp, fromMs, dueMs }: LoadLine, at: number): LoadBlock {
    const block = new LoadBlock({ workload, scope, step, warmUp, fromMs }, dueMs[at] ?? 0);
    this.#blocks.push(block);
    this.#last.set(scope, block);
    return block;
  }

  #readKinds(line: LoadLine): (at: number) => LoadKind {
    const { operations, tenants, failures } = line;
    const known = new Map<number, LoadKind>();
    return (at) => {
      const operation = line.operation[at] as number;
      const tenant = line.tenant[at] as number;
      const failure = line.failure[at] ?? failures.length;
      const isolated = line.isolated[at] ?? null;
      const connectionReused = line.connectionReused[at] ?? null;
      const flags = 3 * codeOf(isolated) + codeOf(connectionReused);
      const key =
        ((operation * tenants.length + tenant) * (failures.length + 1) + failure) * 9 + flags;
      let kind = known.get(key);
      if (kind === undefined) {
        kind = this.#intern({
          operation: operations[operation] as string,
          tenant: tenants[tenant] as string,
          failure: failures[failure] ?? null,
          isolated,
          connectionReused,
        });
        known.set(key, kind);
      }
      return kind;
    };
  }

  #intern(kind: LoadKind): LoadKind {
    const key = JSON.stringify(Object.values(kind));
    const known = this.#kinds.get(key) ?? kind;
    this.#kinds.set(key, known);
    return known;
  }
}

function codeOf(flag: boolean | null): number {
  return flag === null ? 2 : Number(flag);
}

function isAlike(head: LoadHead, line: LoadHead): boolean {
  return (
    head.workload === line.workload &&
    head.warmUp === line.warmUp &&
    head.fromMs === line.fromMs &&
    head.step.model === line.step.model &&
    head.step.ratePerSecond === line.step.ratePerSecond
  );
}
