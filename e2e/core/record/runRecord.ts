import { HarnessError } from '../harnessError.ts';
import { parseJson } from '../parseJson.ts';
import { type CompactLine, compactLine } from './compactLine.ts';
import type { LoadLine } from './loadLine.ts';
import type { LoadTable } from './loadTable.ts';
import type { ProcessLine } from './processLine.ts';
import {
  type HarnessLine,
  type ModelCallLine,
  type NoopLine,
  type OutageLine,
  type RecordLine,
  type RequestLine,
  type RunLine,
  recordLine,
  type WorkloadLine,
} from './recordLine.ts';
import { tablesOf } from './tablesOf.ts';

/** All that was recorded of one run, sorted by what it is; requests in the order of sending. */
export type RunRecord = {
  run: RunLine;
  requests: RequestLine[];
  modelCalls: ModelCallLine[];
  noops: NoopLine[];
  workloads: WorkloadLine[];
  harness: HarnessLine[];
  outages: OutageLine[];
  /** One for each load. */
  loads: LoadTable[];
  processes: ProcessLine[];
};

/** The record of a run that has measured nothing yet. */
export function emptyRecord(run: RunLine): RunRecord {
  return {
    run,
    requests: [],
    modelCalls: [],
    noops: [],
    workloads: [],
    harness: [],
    outages: [],
    loads: [],
    processes: [],
  };
}

/**
 * Reads a `measurements.ndjson`, as one text or line by line. Lines that stand twice (by their requests' ids) count once, so that records can
 * be joined.
 * @throws HarnessError RECORD_INVALID, naming the line: a record with a hole in it is no ground for a verdict.
 */
export function parseRunRecord(text: string | Iterable<string>, file: string): RunRecord {
  const { parsed, loads } = parseLines(typeof text === 'string' ? text.split('\n') : text, file);
  const runs = parsed.filter((line) => line.type === 'run');
  const [run] = runs;
  if (run === undefined || runs.length > 1) {
    throw new HarnessError({
      code: 'RECORD_INVALID',
      summary: `${file} is not the record of one run.`,
      file,
      found: `${runs.length} lines of type "run"`,
      expected: 'one, at the top',
      remedy: 'Run the measurement again.',
    });
  }
  const requests = new Map<string, RequestLine>();
  for (const line of parsed) if (line.type === 'request') requests.set(line.id, line);
  return {
    run,
    requests: [...requests.values()].sort((a, b) => a.sentAtMs - b.sentAtMs),
    modelCalls: parsed.filter((line) => line.type === 'modelCall'),
    noops: parsed.filter((line) => line.type === 'noop'),
    workloads: parsed.filter((line) => line.type === 'workload'),
    harness: parsed.filter((line) => line.type === 'harness'),
    outages: parsed.filter((line) => line.type === 'outage'),
    loads: tablesOf(loads, file),
    processes: parsed.filter((line) => line.type === 'process'),
  };
}

type ParsedLines = { parsed: Exclude<RecordLine, LoadLine>[]; loads: CompactLine[] };

/** Lines of a load are made compact one by one, before the next is read. */
function parseLines(lines: Iterable<string>, file: string): ParsedLines {
  const read: ParsedLines = { parsed: [], loads: [] };
  let lineNumber = 0;
  for (const line of lines) {
    if (line === '') continue;
    lineNumber += 1;
    const parsed = parseLine(line, file, lineNumber);
    if (parsed.type === 'load') read.loads.push(compactLine(parsed));
    else read.parsed.push(parsed);
  }
  return read;
}

function parseLine(line: string, file: string, lineNumber: number): RecordLine {
  const result = recordLine.safeParse(parseJson(line));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${file} has a line that cannot be read.`,
    file,
    path: `line ${lineNumber}${issue === undefined ? '' : ` → ${issue.path.join(' → ')}`}`,
    found: line.slice(0, 120),
    expected: issue?.message ?? 'a measurement',
    remedy: 'Run the measurement again; the record must not be edited.',
  });
}
