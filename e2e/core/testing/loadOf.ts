import { type LoadBlock, LoadCollector } from '../record/loadBlock.ts';
import { encodeLoadLine, type LoadLine, type LoadRequest } from '../record/loadLine.ts';
import { LoadTable } from '../record/loadTable.ts';
import type { ProcessLine } from '../record/recordLine.ts';
import { STARTED_AT_MS } from './recordOf.ts';

/** A request of a load in a test; what it leaves out is as in `SUCCESSFUL`. */
export type LoadRequestAt = Partial<Omit<LoadRequest, 'id' | 'index' | 'dueAtMs'>> & {
  dueMs?: number;
};

const SUCCESSFUL: Omit<LoadRequest, 'id' | 'index' | 'dueAtMs'> = {
  lateMs: 0.25,
  serviceMs: 80,
  modelMs: 60,
  operation: 'classify',
  tenant: 'acme-corp-001',
  failure: null,
  isolated: true,
  connectionReused: true,
};

/** Default distance of requests: a hundred a second. */
const BETWEEN_MS = 10;

/** A line of the record of a load, with requests that are numbered from 0. */
export function loadLineOf(
  requests: readonly LoadRequestAt[],
  parts: Partial<LoadLine> = {},
): LoadLine {
  const head = {
    workload: 'sustained',
    scope: '5f3a9c1e',
    step: { model: 'open', ratePerSecond: 100 },
    warmUp: false,
    fromMs: STARTED_AT_MS,
  } as const;
  const rows = requests.map((request, index) => {
    const dueMs = index * BETWEEN_MS;
    return { id: `${head.scope}-${index}`, dueAtMs: 0, index, dueMs, ...SUCCESSFUL, ...request };
  });
  return { ...encodeLoadLine(head, rows), ...parts };
}

/** A request that the open model could not send. */
export const NEVER_SENT: LoadRequestAt = {
  lateMs: null,
  serviceMs: null,
  modelMs: null,
  isolated: null,
  connectionReused: null,
  failure: 'never sent: 512 answers were out',
};

export function failedWith(failure: string, parts: LoadRequestAt = {}): LoadRequestAt {
  return { failure, isolated: null, ...parts };
}

export function blocksOf(lines: readonly LoadLine[]): readonly LoadBlock[] {
  const collector = new LoadCollector();
  for (const line of lines) collector.add(line);
  return collector.blocks;
}

/** Each line in a block of its own: in tests all of them may be numbered from 0. */
export function tableOf(...lines: LoadLine[]): LoadTable {
  const blocks = lines.flatMap((line) => blocksOf([line]));
  return new LoadTable(lines[0]?.workload ?? 'sustained', blocks);
}

/** A line of the record for one step of a search, with its rate and its requests. */
export function stepLineOf(
  ratePerSecond: number,
  requests: readonly LoadRequestAt[],
  parts: Partial<LoadLine> = {},
): LoadLine {
  const due = requests.map((request, at) => ({ dueMs: (at * 1000) / ratePerSecond, ...request }));
  return loadLineOf(due, {
    workload: 'capacity',
    step: { model: 'step', ratePerSecond },
    ...parts,
  });
}

export function processLineOf(parts: Partial<ProcessLine> = {}): ProcessLine {
  return {
    type: 'process',
    workload: 'sustained',
    process: 'target',
    ratePerSecond: null,
    atMs: STARTED_AT_MS + 60_000,
    durationMs: 60_000,
    cpuShare: 0.3,
    residentBytes: 120_000_000,
    heapUsedBytes: 40_000_000,
    eventLoopDelayP99Ms: 12,
    ...parts,
  };
}
