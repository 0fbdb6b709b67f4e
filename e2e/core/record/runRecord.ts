import { z } from 'zod';
import type { MetricRegistry } from '../budget/metric.ts';
import { HarnessError } from '../harnessError.ts';
import { parseJson } from '../readJson.ts';
import { LoadCollector } from './loadBlock.ts';
import type { LoadLine } from './loadLine.ts';
import { buildLoadTables, type LoadTable } from './loadTable.ts';
import type { MeasurementLine, RequestLine, SampleLine } from './measurementLine.ts';
import {
  type ConnectionLine,
  type DisturbanceLine,
  type EncodingLine,
  type ExitLine,
  type HarnessLine,
  type ModelCallLine,
  type NoopLine,
  type OutageLine,
  type ProcessLine,
  RECORD_VERSION,
  type RecordLine,
  type RunLine,
  recordLine,
  type Shard,
  type WorkloadLine,
} from './recordLine.ts';

/** The record of one run, by kind of line. Requests and samples are in the order of sending. */
export type RunRecord = {
  run: RunLine;
  /** Sent to the API by the harness itself. */
  requests: RequestLine[];
  /** What was measured in other ways: on the page, by Lighthouse, of memory and of cold starts. */
  samples: SampleLine[];
  modelCalls: ModelCallLine[];
  noops: NoopLine[];
  workloads: WorkloadLine[];
  harness: HarnessLine[];
  /** With the shard that was disturbed, if records of several were merged. */
  disturbances: (DisturbanceLine & { shard?: Pick<Shard, 'index' | 'of'> })[];
  outages: OutageLine[];
  /** One for each workload that is a load. */
  loads: LoadTable[];
  processes: ProcessLine[];
  connections: ConnectionLine[];
  encodings: EncodingLine[];
  exits: ExitLine[];
};

/** The record of a run that has measured nothing yet. */
export function emptyRecord(run: RunLine): RunRecord {
  return {
    run,
    requests: [],
    samples: [],
    modelCalls: [],
    noops: [],
    workloads: [],
    harness: [],
    disturbances: [],
    outages: [],
    loads: [],
    processes: [],
    connections: [],
    encodings: [],
    exits: [],
  };
}

/**
 * Reads a `measurements.ndjson`, as one text or line by line.
 * @throws HarnessError RECORD_INVALID with the line: no verdict may rest on a record that lacks one
 */
export function parseRunRecord(
  text: string | Iterable<string>,
  file: string,
  metrics: MetricRegistry,
): RunRecord {
  const parser = new RunRecordParser(file, metrics);
  parser.add(typeof text === 'string' ? text.split('\n') : text);
  return parser.toRecord();
}

/** Reads a record that may still grow. A measurement that is there twice counts once, so that records can be joined. */
export class RunRecordParser {
  readonly #file: string;
  readonly #schema: ReturnType<typeof recordLine>;
  #lineNumber = 0;
  readonly #runs: RunLine[] = [];
  readonly #measurements = new Map<string, MeasurementLine>();
  readonly #others: Exclude<RecordLine, LoadLine | MeasurementLine | RunLine>[] = [];
  readonly #loads = new LoadCollector();

  /** @param metrics that an objective may name */
  constructor(file: string, metrics: MetricRegistry) {
    this.#file = file;
    this.#schema = recordLine(metrics);
  }

  /** @throws HarnessError RECORD_INVALID */
  add(lines: Iterable<string>): void {
    for (const line of lines) {
      this.#lineNumber += 1;
      if (line === '') continue;
      const parsed = this.#parseLine(line);
      // At once: all lines of a load as lists would take several times the memory.
      if (parsed.type === 'load') this.#loads.add(parsed, this.#runs[0]?.shard?.of);
      else if (parsed.type === 'run') this.#runs.push(parsed);
      else if ('id' in parsed) this.#measurements.set(parsed.id, parsed);
      else this.#others.push(parsed);
    }
  }

  /** @throws HarnessError RECORD_INVALID */
  toRecord(): RunRecord {
    const [run] = this.#runs;
    if (run === undefined || this.#runs.length > 1) {
      throw new HarnessError({
        code: 'RECORD_INVALID',
        summary: `${this.#file} is not the record of one run.`,
        file: this.#file,
        found: `${this.#runs.length} lines of type "run"`,
        expected: 'one, at the top',
        remedy: 'Run the measurement again.',
      });
    }
    const record = emptyRecord(run);
    for (const line of this.#measurements.values()) addLine(record, line);
    for (const line of this.#others) addLine(record, line);
    record.requests.sort(bySending);
    record.samples.sort(bySending);
    record.loads.push(...buildLoadTables(this.#loads.blocks, this.#file, run.shard));
    return record;
  }

  #parseLine(line: string): RecordLine {
    const found = parseJson(line);
    refuseOtherVersion(found, this.#file, this.#lineNumber);
    const result = this.#schema.safeParse(found);
    if (result.success) return result.data;
    const [issue] = found === undefined ? [] : result.error.issues;
    throw new HarnessError({
      code: 'RECORD_INVALID',
      summary: `${this.#file} has a line that cannot be read.`,
      file: this.#file,
      path: [`line ${this.#lineNumber}`, ...(issue?.path ?? [])].join(' → '),
      found: line.slice(0, 120),
      expected: issue?.message ?? 'a line of JSON',
      remedy: 'Run the measurement again; the record must not be edited.',
    });
  }
}

/** Requests and samples together, in the order of sending. */
export function measurementsOf({
  requests,
  samples,
}: Pick<RunRecord, 'requests' | 'samples'>): MeasurementLine[] {
  // Without samples no copy: this is called once a second while thousands of requests are sent.
  return samples.length === 0 ? requests : [...requests, ...samples].sort(bySending);
}

function bySending(one: MeasurementLine, other: MeasurementLine): number {
  return one.sentAtMs - other.sentAtMs;
}

/** The list that each kind of line belongs to. */
const LISTS = {
  request: 'requests',
  iteration: 'samples',
  visit: 'samples',
  audit: 'samples',
  memory: 'samples',
  start: 'samples',
  modelCall: 'modelCalls',
  noop: 'noops',
  workload: 'workloads',
  harness: 'harness',
  disturbance: 'disturbances',
  outage: 'outages',
  process: 'processes',
  connection: 'connections',
  encoding: 'encodings',
  exit: 'exits',
} as const satisfies Record<Exclude<RecordLine['type'], 'run' | 'load'>, keyof RunRecord>;

/** Adds a line to the list of its kind. Requests of a load, which may be millions, are left out. */
export function addLine(record: RunRecord, line: RecordLine): void {
  if (line.type === 'run' || line.type === 'load') return;
  const list: RecordLine[] = record[LISTS[line.type]];
  list.push(line);
}

// Made once: zod compiles a schema when it first parses with it, which takes longer than reading a line.
const anyRunLine = z.object({ type: z.literal('run'), schemaVersion: z.unknown().optional() });

/** Each line of a record of another version may be valid, and yet mean something else. */
function refuseOtherVersion(line: unknown, file: string, lineNumber: number): void {
  const run = anyRunLine.safeParse(line);
  if (!run.success || run.data.schemaVersion === RECORD_VERSION) return;
  throw new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${file} was written by another version of the harness.`,
    file,
    path: `line ${lineNumber} → schemaVersion`,
    found: JSON.stringify(run.data.schemaVersion) ?? 'nothing',
    expected: String(RECORD_VERSION),
    remedy: 'Run the measurement again, or read the record with the version that wrote it.',
  });
}
