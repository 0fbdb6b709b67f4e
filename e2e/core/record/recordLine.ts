import { z } from 'zod';
import { HTTP_VERSIONS } from '../budget/budgetSchema.ts';
import type { MetricRegistry } from '../budget/metric.ts';
import { objectiveSchema } from '../budget/objective.ts';
import { loadLine } from './loadLine.ts';
import { durationMs, epochMs, measurementLines, scope } from './measurementLine.ts';

/** What the harness may have started itself, by the name that a report gives it. */
export const STARTED = ['target', 'aiMock'] as const;

/** A process that the harness had started and that ended by itself while the run went on. */
const exitLine = z.strictObject({
  type: z.literal('exit'),
  process: z.enum(STARTED),
  /** In ms since the epoch. */
  atMs: z.number().nonnegative(),
  /** Such as `SIGKILL` or `exit status 1`. */
  status: z.string(),
});

export type ExitLine = z.infer<typeof exitLine>;

/** What a process came to over a time, as it told itself; null is what it does not tell. */
export const processLine = z.strictObject({
  type: z.literal('process'),
  workload: z.string(),
  /** `target`: the system under test. `model`: the AI mock. */
  process: z.enum(['harness', 'target', 'model']),
  /** The rate that was offered meanwhile, of a step of a search; else null. */
  ratePerSecond: z.number().positive().nullable(),
  atMs: z.number().positive(),
  durationMs: z.number().nonnegative(),
  /** Of one core. */
  cpuShare: z.number().nonnegative().nullable(),
  residentBytes: z.number().nonnegative().nullable(),
  heapUsedBytes: z.number().nonnegative().nullable(),
  /** Of the model since it started, of the target since any client last read its metrics. */
  eventLoopDelayP99Ms: z.number().nonnegative().nullable(),
});

export type ProcessLine = z.infer<typeof processLine>;

/** A connection to the API that was opened, as it was negotiated. */
const connectionLine = z.strictObject({
  type: z.literal('connection'),
  openedAtMs: z.number().positive(),
  http: z.enum(HTTP_VERSIONS),
  /** Such as TLSv1.3; null without TLS. */
  tls: z.string().nullable(),
});

/** A `Content-Encoding` that the API's answers came with although none was asked for, when it was met first. */
const encodingLine = z.strictObject({
  type: z.literal('encoding'),
  metAtMs: z.number().positive(),
  encoding: z.string(),
});

export type ConnectionLine = z.infer<typeof connectionLine>;
export type EncodingLine = z.infer<typeof encodingLine>;

/** Version of the form of a record. A record of another version is refused. */
export const RECORD_VERSION = 2;

/** First line of a record: what was run, where, and the objectives it is judged by, so that a record can be judged alone. */
export const runLine = (metrics: MetricRegistry) =>
  z.strictObject({
    type: z.literal('run'),
    schemaVersion: z.literal(RECORD_VERSION),
    id: z.string().min(1),
    startedAt: z.iso.datetime(),
    commit: z.string().nullable(),
    target: z.string(),
    environment: z.record(z.string(), z.unknown()),
    objectives: z.array(objectiveSchema(metrics)),
    /** Objectives of the budget that this target cannot be judged by. */
    notMeasured: z.array(z.strictObject({ id: z.string(), reason: z.string() })),
    knownGaps: z.array(
      z.strictObject({ id: z.string(), what: z.string(), release: z.string(), impact: z.string() }),
    ),
    /** Error rates that the verdicts are allowed. */
    statistics: z.strictObject({ falsePass: z.number(), falseFail: z.number() }),
  });

/** One call of the model, from the AI mock's journal, tied to the request that caused it by scope and index. */
const modelCallLine = z.strictObject({
  type: z.literal('modelCall'),
  scope,
  index: z.int().nonnegative(),
  kind: z.string(),
  attempt: z.int().positive(),
  matchedBy: z.enum(['nonce', 'traceparent']),
  arrivedAtMs: epochMs,
  /** Arrival to last byte, by the mock's own clock; null when the call was given up, or that clock was set back meanwhile. */
  durationMs: durationMs.nullable(),
  /** `answered`: to the last byte. `aborted`: by the caller. `brokenOff`: by the mock, as its fault says. `open`: not yet. */
  end: z.enum(['answered', 'aborted', 'brokenOff', 'open']),
  /** Arrival to first byte; absent where there was none. */
  firstByteMs: durationMs.optional(),
  /** Arrival to the end, whatever it was; of an open one, to the last look at it. */
  endedMs: durationMs,
  status: z.int().nullable(),
  /** The fault that the call met, or how its answer was spoilt; null where the model was well. */
  fault: z.string().nullable(),
  /** How long the caller was asked to wait, from the end of the call on; null if it was not asked to. */
  retryAfterMs: durationMs.nullable(),
  /** Later than the model was told to be: the mock's own doing. */
  lateMs: z.number().nullable(),
});

/** Round trip of a request that does no work, interleaved with the measured ones: the floor below which nothing can be seen. */
const noopLine = z.strictObject({
  type: z.literal('noop'),
  workload: z.string(),
  sentAtMs: epochMs,
  roundTripMs: durationMs,
});

/** What a workload was to send, and that it sent it. */
const workloadLine = z.strictObject({
  type: z.literal('workload'),
  workload: z.string(),
  scope,
  state: z.enum(['started', 'complete']),
  atMs: epochMs,
  /** Requests to be sent an operation, warm-up left out. */
  planned: z.record(z.string(), z.int().nonnegative()),
  /** Can calls of the model be matched to requests here? Null until that is known. */
  modelCallsMatched: z.boolean().nullable(),
});

/** The harness on itself while a workload ran. What the runtime cannot say is null. */
export const harnessLine = z.strictObject({
  type: z.literal('harness'),
  workload: z.string(),
  durationMs,
  lateP50Ms: durationMs.nullable(),
  lateP99Ms: durationMs.nullable(),
  cpuShare: z.number().nonnegative().nullable(),
  stolenShare: z.number().nonnegative().nullable(),
  eventLoopDelayP99Ms: durationMs.nullable(),
  modelLateP99Ms: durationMs.nullable(),
  /** Stalls of the harness's event loop of 50 ms and more, added up. */
  stallMs: durationMs,
  /** The same less the CPU time that was stolen meanwhile: what the harness did itself. */
  ownStallMs: durationMs.nullable(),
});

/**
 * A time in which the harness could not measure well, written the moment it was over. `stall`: its event loop was due to run and did not.
 * `stolenCpu`: much of the machine's CPU time went to others.
 */
const disturbanceLine = z.strictObject({
  type: z.literal('disturbance'),
  workload: z.string(),
  cause: z.enum(['stall', 'stolenCpu']),
  fromMs: epochMs,
  durationMs: z.number().positive(),
  /** CPU time that was stolen meanwhile, no more than the duration; null where the machine does not say. */
  stolenMs: durationMs.nullable(),
});

/** A time in which nothing listened where the model does. */
const outageLine = z.strictObject({
  type: z.literal('outage'),
  workload: z.string(),
  fromMs: epochMs,
  untilMs: epochMs,
});

/** A line of `measurements.ndjson`. */
export const recordLine = (metrics: MetricRegistry) =>
  z.discriminatedUnion('type', [
    runLine(metrics),
    ...measurementLines,
    modelCallLine,
    noopLine,
    workloadLine,
    harnessLine,
    disturbanceLine,
    outageLine,
    loadLine,
    processLine,
    connectionLine,
    encodingLine,
    exitLine,
  ]);

export type RunLine = z.infer<ReturnType<typeof runLine>>;
export type ModelCallLine = z.infer<typeof modelCallLine>;
export type NoopLine = z.infer<typeof noopLine>;
export type WorkloadLine = z.infer<typeof workloadLine>;
export type HarnessLine = z.infer<typeof harnessLine>;
export type DisturbanceLine = z.infer<typeof disturbanceLine>;
export type OutageLine = z.infer<typeof outageLine>;
export type RecordLine = z.infer<ReturnType<typeof recordLine>>;
