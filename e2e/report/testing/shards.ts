import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LoadLine } from '../../core/record/loadLine.ts';
import type { RecordLine, RunLine, Shard } from '../../core/record/recordLine.ts';
import { type LoadRequestAt, loadLineOf, processLineOf } from '../../core/testing/loadOf.ts';
import { latencyP95, metadataAccuracy } from '../../core/testing/objectives.ts';
import { harnessOf, runOf, STARTED_AT_MS, workloadOf } from '../../core/testing/recordOf.ts';
import { METRICS } from '../../metrics/metrics.ts';

const WORKLOAD = 'sustained';

const UNDER_LOAD = { operation: WORKLOAD, workload: WORKLOAD };

const OBJECTIVES = [
  { ...latencyP95, ...UNDER_LOAD, id: 'sustained.latency.p95', objective: 500 },
  {
    ...metadataAccuracy,
    ...UNDER_LOAD,
    id: 'sustained.availability',
    metric: METRICS.availability,
  },
];

/** What differs from an undisturbed record. */
type Parts = {
  /** Default: one machine offers all. */
  shard?: Pick<Shard, 'index' | 'of'> & Partial<Shard>;
  run?: Partial<RunLine>;
  line?: Partial<LoadLine>;
  /** Requests of a line. */
  perLine?: number;
  lines?: RecordLine[];
};

/** The record of a load, or of one shard of it. */
export function loadRecordOf(requests: readonly LoadRequestAt[], parts: Parts = {}): RecordLine[] {
  const { shard, perLine = 50, lines = [] } = parts;
  const { index: mine, of } = shard ?? { index: 1, of: 1 };
  const all = requests.map((request, index) => ({ index, dueMs: index * 10, ...request }));
  const own = all.filter(({ index }) => index % of === mine - 1);
  const chunks = Array.from({ length: Math.ceil(own.length / perLine) }, (_, at) =>
    own.slice(at * perLine, (at + 1) * perLine),
  );
  // By its own clock, which is behind that of the target.
  const { clockOffsetMs = mine } = shard ?? {};
  const startMs = STARTED_AT_MS - (of > 1 ? (clockOffsetMs ?? 0) : 0);
  const run: RunLine = {
    ...runOf(OBJECTIVES),
    startedAt: new Date(startMs).toISOString(),
    ...(shard && {
      shard: {
        loads: [WORKLOAD],
        seed: 7,
        startAtMs: STARTED_AT_MS,
        clockOffsetMs: mine,
        ...shard,
      },
    }),
    ...parts.run,
  };
  const { scope } = loadLineOf([]);
  const workload = { workload: WORKLOAD, scope, planned: { [WORKLOAD]: requests.length } };
  return [
    run,
    workloadOf({ ...workload, state: 'started', atMs: startMs }),
    ...chunks.map((chunk) =>
      loadLineOf(chunk, {
        index: chunk.map(({ index }) => index),
        fromMs: startMs,
        ...parts.line,
      }),
    ),
    harnessOf({ workload: WORKLOAD }),
    processLineOf(),
    ...lines,
    workloadOf({ ...workload, atMs: startMs + 60_000 }),
  ];
}

export function formatRecord(lines: readonly RecordLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Writes a record into a folder of its own. @returns the folder */
export function writeRecord(folder: string, name: string, record: string | RecordLine[]): string {
  const reportDir = path.join(folder, name);
  mkdirSync(reportDir, { recursive: true });
  const text = typeof record === 'string' ? record : formatRecord(record);
  writeFileSync(path.join(reportDir, 'measurements.ndjson'), text);
  return reportDir;
}
