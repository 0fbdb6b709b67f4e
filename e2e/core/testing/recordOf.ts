import type { Objective } from '../budget/objective.ts';
import type {
  AuditLine,
  IterationLine,
  MemoryLine,
  RequestLine,
  StartLine,
  VisitLine,
} from '../record/measurementLine.ts';
import {
  type DisturbanceLine,
  type HarnessLine,
  type ModelCallLine,
  type NoopLine,
  RECORD_VERSION,
  type RunLine,
  type WorkloadLine,
} from '../record/recordLine.ts';
import { emptyRecord, type RunRecord } from '../record/runRecord.ts';

export const STARTED_AT_MS = 1_800_000_000_000;
const SCOPE = '5f3a9c1e';

/** The record of a run that judges these objectives. */
export function recordOf(objectives: Objective[], parts: Partial<RunRecord> = {}): RunRecord {
  return { ...emptyRecord(runOf(objectives)), ...parts };
}

export function runOf(objectives: Objective[]): RunLine {
  return {
    type: 'run',
    schemaVersion: RECORD_VERSION,
    id: 'run-1',
    startedAt: '2027-01-15T08:00:00.000Z',
    commit: null,
    target: 'local',
    environment: {},
    objectives,
    notMeasured: [],
    knownGaps: [],
    statistics: { falsePass: 0.05, falseFail: 0.01 },
  };
}

function commonOf(index: number) {
  return {
    id: `${SCOPE}-${index}`,
    workload: 'baseline',
    operation: 'classify',
    scope: SCOPE,
    index,
    warmUp: false,
    sentAtMs: STARTED_AT_MS + index * 100,
    failure: null,
  };
}

export function requestOf(index: number, parts: Partial<RequestLine> = {}): RequestLine {
  return {
    type: 'request',
    ...commonOf(index),
    tenant: 'acme-corp-001',
    fault: null,
    lateMs: 0,
    connectionReused: true,
    status: 200,
    requestId: `request-${index}`,
    values: { latencyMs: 350, reportedLatencyMs: 349, endedMs: 350 },
    checks: {},
    objection: null,
    ...parts,
  };
}

export function iterationOf(index: number, parts: Partial<IterationLine> = {}): IterationLine {
  return {
    type: 'iteration',
    ...commonOf(index),
    tenant: 'acme-corp-001',
    fault: null,
    requestId: `request-${index}`,
    values: { latencyMs: 350 },
    checks: {},
    objection: null,
    ...parts,
  };
}

export function visitOf(index: number, parts: Partial<VisitLine> = {}): VisitLine {
  const rest = { values: {}, checks: {}, objection: null };
  return { type: 'visit', ...commonOf(index), ...rest, ...parts };
}

export function auditOf(index: number, parts: Partial<AuditLine> = {}): AuditLine {
  return { type: 'audit', ...commonOf(index), values: {}, ...parts };
}

export function memoryOf(index: number, parts: Partial<MemoryLine> = {}): MemoryLine {
  return { type: 'memory', ...commonOf(index), iterations: 1, values: {}, ...parts };
}

export function startOf(index: number, parts: Partial<StartLine> = {}): StartLine {
  return { type: 'start', ...commonOf(index), values: {}, ...parts };
}

export function modelCallOf(index: number, parts: Partial<ModelCallLine> = {}): ModelCallLine {
  return {
    type: 'modelCall',
    scope: SCOPE,
    index,
    kind: 'classification',
    attempt: 1,
    matchedBy: 'nonce',
    arrivedAtMs: STARTED_AT_MS,
    durationMs: 340,
    end: 'answered',
    endedMs: 340,
    status: 200,
    fault: null,
    retryAfterMs: null,
    lateMs: 0,
    ...parts,
  };
}

export function noopOf(roundTripMs: number): NoopLine {
  return { type: 'noop', workload: 'baseline', sentAtMs: STARTED_AT_MS, roundTripMs };
}

export function workloadOf(parts: Partial<WorkloadLine> = {}): WorkloadLine {
  return {
    type: 'workload',
    workload: 'baseline',
    scope: SCOPE,
    state: 'complete',
    atMs: STARTED_AT_MS,
    planned: { classify: 59 },
    modelCallsMatched: true,
    ...parts,
  };
}

export function harnessOf(parts: Partial<HarnessLine> = {}): HarnessLine {
  return {
    type: 'harness',
    workload: 'baseline',
    durationMs: 60_000,
    lateP50Ms: 0.8,
    lateP99Ms: 2,
    cpuShare: 0.2,
    stolenShare: 0,
    eventLoopDelayP99Ms: 1,
    modelLateP99Ms: 1,
    stallMs: 0,
    ownStallMs: 0,
    ...parts,
  };
}

export function stallOf(parts: Partial<DisturbanceLine> = {}): DisturbanceLine {
  return {
    type: 'disturbance',
    workload: 'baseline',
    cause: 'stall',
    fromMs: STARTED_AT_MS,
    durationMs: 300,
    stolenMs: 0,
    ...parts,
  };
}
