import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Objective } from '../core/budget/objective.ts';
import { HarnessError } from '../core/harnessError.ts';
import { parseJson } from '../core/readJson.ts';
import { endOfMeasurement } from '../core/record/measurementLine.ts';
import { type MergedRecord, mergeShards, type RecordPart } from '../core/record/mergeShards.ts';
import type { RecordLine } from '../core/record/recordLine.ts';
import { type RunRecord, RunRecordParser } from '../core/record/runRecord.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { endOfWholeLines, readLines } from '../history/recordFile.ts';
import { writeFailure } from '../history/writeFailure.ts';
import { figuresOf } from '../metrics/figures.ts';
import { METRICS } from '../metrics/metrics.ts';
import { findReruns } from './nextSteps.ts';
import { writeReport } from './reportFiles.ts';
import { judgeSelected, summarizeRun } from './reportRun.ts';
import { keepHistory } from './runHistory.ts';

const RECORD = 'measurements.ndjson';

/**
 * Builds the report of a run from its record, or from those of all its shards, and writes it with the record to a folder. All is read and
 * judged before anything is written.
 * @param historyPlace of the earlier runs to show. A run of shards is added to it, unless something is lacking
 * @throws HarnessError RECORD_INVALID, OPTION_REFUSED for a folder that holds another run, HISTORY_INVALID, WRITE_FAILED
 */
export async function rebuildReport(
  folders: readonly string[],
  reportDir: string,
  historyPlace?: string,
): Promise<BuiltReport> {
  const sources = folders.map((folder) => openRecord(path.join(folder, RECORD)));
  const parts = sources.flatMap(readParts);
  // Any other run has added itself when it ended.
  const isOfShards = parts.some(({ record }) => record.run.shard !== undefined);
  const merged = mergeShards(parts);
  const cuts = sources.flatMap(({ file, isCut }) =>
    isCut && !merged.copies.includes(file) ? [file] : [],
  );
  const isSame = ({ file }: Source) => path.resolve(file) === path.resolve(reportDir, RECORD);
  return buildReport(
    { ...merged, cuts, findings: [...merged.findings, RECORD_ALONE] },
    sources.every(isSame) ? [] : sources.map(readWholeLines),
    { reportDir, historyPlace, isNew: isOfShards, rerunOf: rerunOfShards(parts[0]) },
  );
}

/** Of a run of shards: each machine offers its part again. */
function rerunOfShards(part: RecordPart | undefined): RerunOf | undefined {
  const { shard, target } = part?.record.run ?? {};
  if (shard === undefined || target === undefined) return undefined;
  const { of, loads } = shard;
  const project = loads.includes('soak') ? 'soak' : 'load';
  const command = `npm run ${project} -- --load ${loads.join(',')} --shard <1 to ${of}>/${of} --start-at <time>`;
  return () => ({ target, command });
}

type RerunOf = ReturnType<typeof findReruns>;

type BuiltReport = { summary: Summary; record: RunRecord };

/** What another load generator measured, as the lines of a record. */
export type ForeignRecord = Omit<MergedRecord, 'record'> & { lines: RecordLine[] };

/** Builds the report of a record that another load generator's results were turned into. @throws as `rebuildReport` */
export async function reportForeign(
  { lines, ...foreign }: ForeignRecord,
  reportDir: string,
  historyPlace?: string,
): Promise<BuiltReport> {
  const texts = lines.map((line) => `${JSON.stringify(line)}\n`);
  const parser = new RunRecordParser(RECORD, METRICS);
  parser.add(texts);
  return buildReport(
    { ...foreign, record: parser.toRecord(), cuts: [] },
    [() => Readable.from(texts)],
    { reportDir, historyPlace, isNew: false },
  );
}

/** `cuts`: files that end within a line. */
type JudgedRecord = MergedRecord & { cuts: string[] };

async function buildReport(
  judged: JudgedRecord,
  parts: readonly (() => Readable)[],
  options: {
    reportDir: string;
    historyPlace: string | undefined;
    isNew: boolean;
    rerunOf?: RerunOf | undefined;
  },
): Promise<BuiltReport> {
  const { reportDir, historyPlace, isNew } = options;
  const { record } = judged;
  refuseOtherRun(reportDir, record.run.id);
  const { summary, isIncomplete } = judgeMerged(judged);
  const isAdded = isNew && !isIncomplete;
  const run = { summary, figures: isAdded ? figuresOf(record) : [], tests: [] };
  await joinRecords(parts, path.join(reportDir, RECORD));
  const history = keepHistory(historyPlace, run, { isIncomplete: !isAdded });
  const page = path.join(reportDir, 'playwright');
  await writeReport(reportDir, {
    summary,
    record,
    history,
    rerunOf: options.rerunOf ?? findReruns([], record.run.target),
    playwrightReport: existsSync(path.join(page, 'index.html')) ? page : null,
  });
  return { summary, record };
}

/** A record on disk, and where its last whole line ends: a run that was killed may have left a part of a line. */
type Source = { file: string; endByte: number; isCut: boolean };

function openRecord(file: string): Source {
  if (!existsSync(file)) {
    throw new HarnessError({
      code: 'RECORD_INVALID',
      summary: `${path.dirname(file)} holds no record of a run.`,
      file,
      found: 'nothing',
      expected: 'the record that each run writes into its report folder',
      remedy: 'Name the folder of a report: npm run report -- perf-report',
    });
  }
  const endByte = endOfWholeLines(file);
  return { file, endByte, isCut: endByte < statSync(file).size };
}

/** A record that was merged before has several parts, one after the other. */
function readParts({ file, endByte }: Source): RecordPart[] {
  const parsers = [new RunRecordParser(file, METRICS)];
  let isFirst = true;
  for (const line of readLines(file, 0, endByte)) {
    if (line.startsWith('{"type":"run"') && !isFirst) {
      parsers.push(new RunRecordParser(`${file}, part ${parsers.length + 1}`, METRICS));
    }
    isFirst = false;
    parsers.at(-1)?.add([line]);
  }
  return parsers.map((parser) => ({ file, record: parser.toRecord() }));
}

const RECORD_ALONE =
  'This report is made from the record alone, which does not hold how the tests ended: a test that failed for another reason than its objective is not seen here.';

function judgeMerged({ record, lacks, copies, cuts, ...merged }: JudgedRecord): {
  summary: Summary;
  isIncomplete: boolean;
} {
  const { run, workloads, requests } = record;
  const begun = new Set(workloads.map(({ workload }) => workload));
  const complete = workloads.filter(({ state }) => state === 'complete');
  const isOffered = ({ workload }: Objective) =>
    workload === null ? requests.length > 0 : begun.has(workload);
  const selected = run.selected ?? run.objectives.filter(isOffered).map(({ id }) => id);
  const unreached = run.objectives
    .filter((one) => !complete.some(({ workload }) => workload === one.workload))
    .map(({ id, workload }) => ({
      id,
      reason: `the record ends before "${workload}" was measured`,
    }));
  const partial = new Map(
    lacks.flatMap(({ workloads: names, reason }) => names.map((name) => [name, reason] as const)),
  );
  const judged = judgeSelected(record, { selected, unreached, partial });
  const lost = judged.notMeasured.filter(({ reason }) =>
    unreached.some((one) => one.reason === reason),
  );
  const endedBy = new Set([
    ...lacks.map(({ reason }) => reason),
    ...cuts.map((file) => `${file} ends within a line, which was left out`),
    ...lost.map(({ reason }) => reason),
  ]);
  const findings = [
    ...judged.findings,
    ...copies.map((file) => `${file} is a copy of another record, and was left out`),
    ...merged.findings,
  ];
  const undisturbed = {
    status: 'passed' as const,
    otherFailures: [],
    unreached: null,
    hasRecord: true,
  };
  const course = { ...undisturbed, endedBy: [...endedBy] };
  return {
    summary: summarizeRun(record, { ...judged, findings }, course, findDuration(record)),
    isIncomplete: endedBy.size > 0 || judged.harnessExits.length > 0,
  };
}

/** From the start of the run to the last that was recorded of a workload. */
function findDuration({ run, workloads, loads, requests }: RunRecord): number {
  const startedMs = Date.parse(run.startedAt);
  const ends = [
    ...workloads.map(({ atMs }) => atMs),
    ...loads
      .flatMap(({ blocks }) => blocks.slice(-1))
      .map(({ head, dueMs, length }) => head.fromMs + (length === 0 ? 0 : dueMs.get(length - 1))),
    ...requests.slice(-1).map(endOfMeasurement),
  ];
  return Math.max(0, ...ends.map((atMs) => atMs - startedMs));
}

/** @throws HarnessError OPTION_REFUSED */
function refuseOtherRun(reportDir: string, id: string): void {
  for (const name of [RECORD, 'summary.json']) {
    const file = path.join(reportDir, name);
    const found = existsSync(file) ? readRunId(file) : id;
    if (found === id) continue;
    throw new HarnessError({
      code: 'OPTION_REFUSED',
      summary: `${reportDir} holds the report of another run.`,
      file,
      found: found ?? 'a file that names no run',
      expected: `a new folder, or the report of run ${id}`,
      remedy: 'Name another folder: --out <folder>. Nothing was written.',
    });
  }
}

/** Of a record the first line names the run, of a summary the whole. */
function readRunId(file: string): string | null {
  const isRecord = path.basename(file) === RECORD;
  const [text = ''] = isRecord ? readLines(file) : [readFileSync(file, 'utf8')];
  const schema = z.object({ id: z.string() });
  const found = (isRecord ? schema : z.object({ run: schema })).safeParse(parseJson(text));
  if (!found.success) return null;
  return 'run' in found.data ? found.data.run.id : found.data.id;
}

/** Records may have hundreds of megabytes, which take three times as long in pieces of the default size. */
const PIECE = { highWaterMark: 1_048_576 };

function readWholeLines({ file, endByte }: Source): () => Readable {
  return () => createReadStream(file, { ...PIECE, end: endByte - 1 });
}

/** Writes records one after the other, from which the same report can be built again. @throws HarnessError WRITE_FAILED */
async function joinRecords(parts: readonly (() => Readable)[], file: string): Promise<void> {
  if (parts.length === 0) return;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    for (const [at, open] of parts.entries()) {
      await pipeline(
        open(),
        createWriteStream(temporary, { ...PIECE, flags: at === 0 ? 'w' : 'a' }),
      );
    }
    renameSync(temporary, file);
  } catch (error) {
    // There is nothing to remove where a part of the path is a file.
    if (existsSync(temporary)) rmSync(temporary);
    throw writeFailure(file, error);
  }
}
