import { inWords } from '../budget/objective.ts';
import { formatPath } from '../checkInput.ts';
import { HarnessError } from '../harnessError.ts';
import { shortText } from '../terminalText.ts';
import type { LoadTable } from './loadTable.ts';
import { mergeLoads } from './mergeLoads.ts';
import type { HarnessLine, RunLine, WorkloadLine } from './recordLine.ts';
import { emptyRecord, type RunRecord } from './runRecord.ts';

/** The record of a shard, or of a whole run, with the name of its file for messages. */
export type RecordPart = { file: string; record: RunRecord };

export type MergedRecord = {
  /** As if one machine had offered all. */
  record: RunRecord;
  /** What was not measured as planned. */
  lacks: Lack[];
  /** Files that were left out, since they are copies. */
  copies: string[];
  /** What a reader of the report must know besides. */
  findings: string[];
};

/** Something is lacking. These loads were offered only in part for it; none if a run of one machine ended early. */
type Lack = { workloads: readonly string[]; reason: string };

/** Starts that differ by more put the requests of a shard before or after those that they belong to. */
const MOST_APART_MS = 1_000;
/** No shard whose clock differs by more measures anything, so that its record is not of this run. */
const MOST_OFFSET_MS = 10_000;

/**
 * Merges the records of the shards of one run. Their requests are one schedule. What they measured of themselves, and of processes that all
 * of them watch, counts where it was worst. A copy of a record counts once. The record of a run of one machine stays as it is; the loads of
 * shards are emptied.
 * @throws HarnessError RECORD_INVALID for a record of another run, budget, rate, schedule or clock
 */
export function mergeShards(parts: readonly RecordPart[]): MergedRecord {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error('no record to merge');
  for (const other of others) {
    refuseDifference(describeRun(other.record.run), describeRun(first.record.run), other, first);
  }
  const copies: string[] = [];
  const lacks: Lack[] = [];
  const { of, loads } = shardOf(first);
  const shards: RecordPart[] = [];
  for (let index = 1; index <= of; index++) {
    const those = parts.filter((part) => shardOf(part).index === index);
    const [shard, ...further] = those.sort((a, b) => countLines(b) - countLines(a));
    if (shard === undefined) {
      lacks.push({ workloads: loads, reason: `shard ${index} of ${of} is missing` });
      continue;
    }
    shards.push(shard);
    const startOf = ({ record }: RecordPart) => record.run.startedAt;
    const same = further.filter((part) => startOf(part) === startOf(shard));
    for (const part of same) {
      if (isCopy(part, shard)) {
        copies.push(part.file);
        continue;
      }
      const reason = `${nameOf(shard)} has records that differ: ${shard.file} and ${part.file}`;
      lacks.push({ workloads: loads, reason });
    }
    const times = new Set(those.map(startOf)).size;
    if (times === 1) continue;
    const reason = `${nameOf(shard)} was offered ${times} times, so that the target got more than the load`;
    lacks.push({ workloads: loads, reason });
  }
  lacks.push(...shards.flatMap(findUnfinished));
  if (of === 1) return { record: (shards[0] ?? first).record, lacks, copies, findings: [] };
  refuseOtherClocks(shards);
  lacks.push(...shards.flatMap(findUnknownClock));
  const all = shards.flatMap(({ record }) => record.loads.map(({ workload }) => workload));
  const workloads = [...new Set(all)];
  // Before the loads are merged, which empties them.
  lacks.push(...workloads.flatMap((workload) => findUneven(workload, shards)));
  const record = mergeRecords(shards, of, workloads);
  return { record, lacks, copies, findings: shards.flatMap((part) => nameUnknown(part, shards)) };
}

function shardOf({ record }: RecordPart) {
  return record.run.shard ?? { index: 1, of: 1, loads: [], clockOffsetMs: null };
}

function nameOf(part: RecordPart): string {
  const { index, of } = shardOf(part);
  return of === 1 ? 'the run' : `shard ${index} of ${of}`;
}

/** How much of a run a record holds: a copy may be cut short. */
function countLines({ record }: RecordPart): number {
  const { requests, samples, workloads, loads } = record;
  return (
    workloads.length + requests.length + samples.length + loads.reduce((sum, { n }) => sum + n, 0)
  );
}

/** Whether the judged requests of its loads are those of a record; it may be cut short. */
function isCopy(copy: RecordPart, { record }: RecordPart): boolean {
  return copy.record.loads.every((load) => {
    const whole = record.loads.find((one) => one.workload === load.workload)?.judged() ?? [];
    const rows = whole[Symbol.iterator]();
    for (const row of load.judged()) {
      const { value } = rows.next();
      if (value === undefined || COMPARED.some((key) => value[key] !== row[key])) return false;
    }
    return true;
  });
}

const COMPARED = ['index', 'lateMs', 'serviceMs', 'modelMs', 'failure', 'isolated'] as const;

function findUnfinished(part: RecordPart): Lack[] {
  const { run, workloads } = part.record;
  const names = new Set([...(run.shard?.loads ?? []), ...workloads.map((line) => line.workload)]);
  const complete = workloads.filter(({ state }) => state === 'complete');
  for (const { workload } of complete) names.delete(workload);
  return [...names].map((name) => ({
    workloads: shardOf(part).of === 1 ? [] : [name],
    reason: `${nameOf(part)} ended before "${name}" was measured to its end`,
  }));
}

/** Shards that began a load later than the others, ended it earlier, or had no part in it. */
function findUneven(workload: string, shards: readonly RecordPart[]): Lack[] {
  const offered = shards.map((part) => {
    const blocks = part.record.loads.find((load) => load.workload === workload)?.blocks ?? [];
    const { index, of, clockOffsetMs } = shardOf(part);
    // By the clock of the target, as far as it is known.
    const startsMs = blocks.map(({ head }) => head.fromMs + (clockOffsetMs ?? 0));
    // Before its first place, if it offered none.
    const lastPlace = Math.max(index - 1 - of, ...blocks.map(({ lastIndex }) => lastIndex ?? 0));
    return { part, of, blocks, startMs: Math.min(...startsMs), lastPlace };
  });
  const isClosed = offered.some(({ blocks }) => blocks[0]?.head.step.model === 'closed');
  const firstMs = Math.min(...offered.map(({ startMs }) => startMs));
  const place = Math.max(...offered.map(({ lastPlace }) => lastPlace));
  return offered.flatMap(({ part, of, blocks, startMs, lastPlace }) => {
    const isEmpty = blocks.length === 0;
    const lateMs = isEmpty ? 0 : startMs - firstMs;
    const left = isClosed ? Number(isEmpty) : Math.floor((place - lastPlace) / of);
    const offeredTooFew = isEmpty
      ? `offered nothing of "${workload}"`
      : `did not offer the last ${left} requests of "${workload}"`;
    const reasons = [
      ...(lateMs > MOST_APART_MS
        ? [`began "${workload}" ${(lateMs / 1000).toFixed(1)} s after the first`]
        : []),
      ...(left > 0 ? [offeredTooFew] : []),
    ];
    return reasons.map((what) => ({ workloads: [workload], reason: `${nameOf(part)} ${what}` }));
  });
}

/** What all shards of a run have in common. Objectives of no load of theirs may differ: they depend on the machine. */
function describeRun({ id, target, shard, statistics, objectives }: RunLine) {
  const { index: _, clockOffsetMs: __, ...common } = shard ?? {};
  const mine = objectives.filter(({ workload }) => shard?.loads.includes(workload ?? '') ?? true);
  const byId = mine.map(({ metric, ...rest }) => [rest.id, { ...rest, metric: metric.name }]);
  return { run: { id, target, shard: common, statistics, objectives: Object.fromEntries(byId) } };
}

/** @throws HarnessError RECORD_INVALID for the first difference between two parts */
function refuseDifference(
  found: unknown,
  expected: unknown,
  part: RecordPart,
  other: RecordPart,
  path: string[] = [],
): void {
  if (isObject(found) && isObject(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      refuseDifference(found[key], expected[key], part, other, [...path, key]);
    }
  } else if (found !== expected) {
    const show = (value: unknown) => shortText(JSON.stringify(value) ?? 'nothing', MAX_CHARACTERS);
    throw foreignError(part, other, path, show(found), show(expected));
  }
}

const MAX_CHARACTERS = 120;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function foreignError(
  { file }: RecordPart,
  other: RecordPart,
  path: string[],
  found: string,
  expected: string,
): HarnessError {
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${file} and ${other.file} are no shards of one run, and cannot be merged.`,
    file,
    path: formatPath(path),
    found,
    expected,
    remedy:
      'Give the shards of one run, which have one budget, one schedule and one start. Each other run has a report of its own. Nothing was written.',
  });
}

/** A shard by whose clock nothing can be ordered would spoil what all shards see together, such as a stall of the target. */
function refuseOtherClocks(shards: readonly RecordPart[]): void {
  const known = shards.flatMap((part) => shardOf(part).clockOffsetMs ?? []).sort((a, b) => a - b);
  const middleMs = known[known.length >> 1] ?? 0;
  for (const part of shards) {
    const { clockOffsetMs } = shardOf(part);
    if (clockOffsetMs === null || Math.abs(clockOffsetMs - middleMs) <= MOST_OFFSET_MS) continue;
    const other = shards.find((one) => shardOf(one).clockOffsetMs === middleMs) ?? part;
    const path = ['run', 'shard', 'clockOffsetMs'];
    const expected = `within ${MOST_OFFSET_MS / 1000} s of ${middleMs} ms: set the clock of that machine, and measure again`;
    throw foreignError(part, other, path, `${clockOffsetMs} ms`, expected);
  }
}

function findUnknownClock(part: RecordPart): Lack[] {
  const { clockOffsetMs, loads: workloads } = shardOf(part);
  if (clockOffsetMs !== null) return [];
  const reason = `${nameOf(part)} does not know how its clock differs from that of the target, whose answers have no fresh Date`;
  return [{ workloads, reason }];
}

/** @param loads their names */
function mergeRecords(
  shards: readonly RecordPart[],
  of: number,
  loads: readonly string[],
): RunRecord {
  const records = shards.map(onTargetClock);
  const all = <Key extends Exclude<keyof RunRecord, 'run'>>(key: Key) =>
    records.map((record) => record[key]);
  return {
    ...emptyRecord(mergeRunLines(shards, of)),
    requests: all('requests').flat(),
    // Each shard reads the memory of the same process.
    samples: chooseLines(
      all('samples'),
      ({ workload, operation }) => `${workload} ${operation}`,
      ({ length }) => length,
    ),
    modelCalls: all('modelCalls').flat(),
    noops: all('noops').flat(),
    workloads: mergeWorkloads(all('workloads').flat()),
    harness: mergeHarness(all('harness').flat()),
    disturbances: shards.flatMap((part, at) =>
      (records[at]?.disturbances ?? []).map((line) => ({ ...line, shard: shardOf(part) })),
    ),
    outages: all('outages').flat(),
    loads: loads.map((workload) => mergeLoad(workload, shards)),
    processes: chooseLines(
      all('processes'),
      (line) => `${line.workload} ${line.process} ${line.ratePerSecond}`,
      (lines) => Math.max(...lines.map(({ cpuShare }) => cpuShare ?? -1)),
    ),
    connections: all('connections').flat(),
    encodings: all('encodings').flat(),
    exits: all('exits').flat(),
  };
}

/** A shard's record with the times that its clock gave, other than those of its load, as the clock of the target would have given them. */
function onTargetClock(part: RecordPart): RunRecord {
  const { record } = part;
  const offsetMs = shardOf(part).clockOffsetMs ?? 0;
  const shiftAt = <Line extends { atMs: number }>(line: Line) => ({
    ...line,
    atMs: line.atMs + offsetMs,
  });
  const shiftFrom = <Line extends { fromMs: number }>(line: Line) => ({
    ...line,
    fromMs: line.fromMs + offsetMs,
  });
  return {
    ...record,
    workloads: record.workloads.map(shiftAt),
    processes: record.processes.map(shiftAt),
    exits: record.exits.map(shiftAt),
    disturbances: record.disturbances.map(shiftFrom),
    outages: record.outages.map(shiftFrom),
  };
}

function mergeRunLines(shards: readonly RecordPart[], of: number): RunLine {
  const runs = shards.map(({ record }) => record.run);
  const startsMs = runs.map((run) => Date.parse(run.startedAt) + (run.shard?.clockOffsetMs ?? 0));
  const startedMs = Math.min(...startsMs);
  const { shard: _, ...first } = runs[startsMs.indexOf(startedMs)] as RunLine;
  const offsets = runs.flatMap(({ shard }) => shard?.clockOffsetMs ?? []);
  const clocks =
    offsets.length < runs.length
      ? 'unknown'
      : `${Math.min(...offsets).toFixed(0)} to ${Math.max(...offsets).toFixed(0)} ms`;
  const selected = runs.flatMap((run) => run.selected ?? []);
  const shown = { shards: `${runs.length} of ${of}`, clockOffsetToTarget: clocks };
  return {
    ...first,
    startedAt: new Date(startedMs).toISOString(),
    environment: { ...first.environment, ...shown },
    ...(first.selected === undefined ? {} : { selected: [...new Set(selected)] }),
  };
}

function mergeLoad(workload: string, shards: readonly RecordPart[]): LoadTable {
  const mine = shards.flatMap((part) => {
    const table = part.record.loads.find((load) => load.workload === workload);
    return table === undefined ? [] : [{ part, table }];
  });
  const [first, ...others] = mine;
  if (first === undefined) throw new Error(`no load ${workload}`);
  const step = first.table.blocks[0]?.head.step;
  for (const { part, table } of [...others, first]) {
    for (const { head } of table.blocks) {
      refuseDifference(head.step, step, part, first.part, ['load', workload, 'step']);
    }
  }
  const partAt = (at: number) => (mine[at] ?? first).part;
  return mergeLoads(
    workload,
    mine.map(({ part, table }) => ({ table, clockOffsetMs: shardOf(part).clockOffsetMs ?? 0 })),
    ({ shard, other, found, expected }) => {
      throw foreignError(
        partAt(shard),
        partAt(other),
        ['load', workload, 'dueMs'],
        found,
        expected,
      );
    },
  );
}

/** Of what all shards observed of the same thing, chooses the lines of the shard that ranks highest, or first. */
function chooseLines<Line>(
  perShard: readonly Line[][],
  nameThing: (line: Line) => string,
  rank: (lines: Line[]) => number,
): Line[] {
  const chosen = new Map<string, Line[]>();
  for (const lines of perShard) {
    for (const [thing, mine] of Map.groupBy(lines, nameThing)) {
      const best = chosen.get(thing);
      if (best === undefined || rank(mine) > rank(best)) chosen.set(thing, mine);
    }
  }
  return [...chosen.values()].flat();
}

/** From the first start to the last end. If one shard could match calls of the model, what another lacks is missing. */
function mergeWorkloads(lines: readonly WorkloadLine[]): WorkloadLine[] {
  const groups = Map.groupBy(lines, ({ workload, state }) => `${state} ${workload}`);
  return [...groups.values()].map((those) => {
    const [first] = those as [WorkloadLine];
    const timesMs = those.map(({ atMs }) => atMs);
    const matched = those.map(({ modelCallsMatched }) => modelCallsMatched);
    return {
      ...first,
      atMs: first.state === 'started' ? Math.min(...timesMs) : Math.max(...timesMs),
      modelCallsMatched: matched.includes(true) || (matched.includes(null) ? null : false),
    };
  });
}

/** The worst of each figure. */
function mergeHarness(lines: readonly HarnessLine[]): HarnessLine[] {
  const groups = Map.groupBy(lines, ({ workload }) => workload);
  return [...groups.values()].map((those) => {
    const entries = Object.entries(those[0] as HarnessLine).map(([key, first]) => {
      const found = those.map((line) => line[key as keyof HarnessLine]);
      const known = found.filter((value) => typeof value === 'number');
      return [key, known.length === 0 ? first : Math.max(...known)];
    });
    return Object.fromEntries(entries) as HarnessLine;
  });
}

/** Figures of its own that a shard could not measure and another could: the worst that is known may not be the worst. */
function nameUnknown(part: RecordPart, shards: readonly RecordPart[]): string[] {
  const ownLines = ({ record }: RecordPart) => [
    ...record.harness,
    ...record.processes.filter((line) => line.process === 'harness'),
  ];
  const figuresOf = (one: RecordPart, isKnown: boolean) =>
    ownLines(one).flatMap(({ workload, ...line }) =>
      Object.entries(line)
        .filter(([, value]) => (value !== null) === isKnown)
        .map(([key]) => `${inWords(key.replace(/Ms$|Bytes$/, ''))} during "${workload}"`),
    );
  const known = new Set(shards.flatMap((one) => figuresOf(one, true)));
  const unknown = new Set(figuresOf(part, false).filter((figure) => known.has(figure)));
  return [...unknown].map(
    (figure) =>
      `${nameOf(part)} did not measure its own ${figure}: the worst of the other shards is shown`,
  );
}
