import { LoadBlock } from './loadBlock.ts';
import { LoadTable } from './loadTable.ts';

/** Due times are rounded to 1 µs. */
const RESOLUTION_MS = 0.001;

/** A request of one shard that another shard's schedule contradicts. `shard` and `other` are places in the list of shards. */
export type Contradiction = { shard: number; other: number; found: string; expected: string };

/** The requests of one machine, and how far its clock is behind that of the target. */
export type ShardLoad = { table: LoadTable; clockOffsetMs: number };

/**
 * Puts the requests of the shards of one load into one order: that of their schedule; of a closed model, which has none, that of time. Their
 * times are by the clock of the target. What no shard offered is left out.
 * @param shards their tables are emptied
 * @param refuse called if the due times cannot be of one schedule
 */
export function mergeLoads(
  workload: string,
  shards: readonly ShardLoad[],
  refuse: (contradiction: Contradiction) => never,
): LoadTable {
  const spent: LoadBlock[] = [];
  const lanes = shards.map((load, shard) => new Lane(load, shard, spent));
  const key = lanes[0]?.block?.head.step.model === 'closed' ? 'dueAtMs' : 'place';
  const merged = new MergedBlocks(lanes, spent);
  let [part, dueMs, other] = [0, 0, 0];
  for (;;) {
    let next: Lane | undefined;
    for (const lane of lanes) {
      if (lane.block !== undefined && (next === undefined || lane[key] < next[key])) next = lane;
    }
    if (next === undefined) return new LoadTable(workload, merged.blocks);
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
  readonly #blocks: LoadBlock[];
  readonly #clockOffsetMs: number;
  readonly #spent: LoadBlock[];
  /** Undefined at the end. */
  block: LoadBlock | undefined;
  at = 0;
  /** Place in `startsMs`. */
  part = 0;

  /** @param spent gets each block once it was read */
  constructor({ table, clockOffsetMs }: ShardLoad, shard: number, spent: LoadBlock[]) {
    this.shard = shard;
    this.#clockOffsetMs = clockOffsetMs;
    this.#spent = spent;
    // From the end, so that none of them holds a block that was read.
    this.#blocks = table
      .takeBlocks()
      .filter(({ length }) => length > 0)
      .sort((a, b) => b.index.get(0) - a.index.get(0));
    this.startsMs = [...new Set(this.#blocks.map((block) => this.#startOf(block)))].reverse();
    this.block = this.#blocks.pop();
  }

  get place(): number {
    return this.block?.index.get(this.at) as number;
  }

  get dueMs(): number {
    return this.block?.dueMs.get(this.at) as number;
  }

  get startMs(): number {
    return this.startsMs[this.part] as number;
  }

  get dueAtMs(): number {
    return this.startMs + this.dueMs;
  }

  moveOn(): void {
    if (++this.at < (this.block?.length ?? 0)) return;
    this.at = 0;
    if (this.block !== undefined) this.#spent.push(this.block);
    this.block = this.#blocks.pop();
    if (this.block !== undefined) this.part = this.startsMs.indexOf(this.#startOf(this.block));
  }

  #startOf({ head }: LoadBlock): number {
    return head.fromMs + this.#clockOffsetMs;
  }
}

/** Collects requests as blocks of the merged load. Each part of it begins where the first shard began it. */
class MergedBlocks {
  readonly blocks: LoadBlock[] = [];
  readonly #startsMs: number[];
  /** By how much a request may be due before the one that it follows in the schedule. */
  readonly #spreadMs: number;
  readonly #spent: LoadBlock[];
  #part = 0;

  /** @param spent blocks to fill anew: new ones would take hundreds of megabytes before the old ones are collected */
  constructor(lanes: readonly Lane[], spent: LoadBlock[]) {
    this.#spent = spent;
    const parts = Math.max(0, ...lanes.map(({ startsMs }) => startsMs.length));
    this.#startsMs = Array.from({ length: parts }, (_, part) =>
      Math.min(...lanes.flatMap(({ startsMs }) => startsMs[part] ?? [])),
    );
    const late = lanes.flatMap(({ startsMs }) =>
      startsMs.map((startMs, part) => startMs - (this.#startsMs[part] ?? startMs)),
    );
    this.#spreadMs = Math.max(0, ...late);
  }

  add({ block: from, at, part, startMs }: Lane): void {
    if (from === undefined) return;
    const fromMs = this.#startsMs[part] ?? startMs;
    const dueMs = from.dueMs.get(at) + (startMs - fromMs);
    let to = this.blocks.at(-1);
    const isOther = part !== this.#part || from.head.warmUp !== to?.head.warmUp;
    if (to === undefined || isOther || to.isFull) {
      to = new LoadBlock({ ...from.head, fromMs }, dueMs - this.#spreadMs, this.#spent.pop());
      this.blocks.push(to);
      this.#part = part;
    }
    const otherIds = from.otherIds.get(at);
    if (otherIds !== undefined) to.otherIds.set(to.length, otherIds);
    to.add(
      from.kindAt(at),
      from.index.get(at),
      dueMs,
      from.lateMs.get(at),
      from.serviceMs.get(at),
      from.modelMs.get(at),
    );
  }
}
