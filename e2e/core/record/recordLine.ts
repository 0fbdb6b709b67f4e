import { z } from 'zod';
import { HTTP_VERSIONS } from '../budget/budgetSchema.ts';
import type { MetricRegistry } from '../budget/metric.ts';
import { objectiveSchema } from '../budget/objective.ts';
import { loadLine } from './loadLine.ts';
import { durationMs, epochMs, measurementLines, scope } from './measurementLine.ts';

/** Processes that the harness may have started itself. */
export const STARTED_PROCESSES = ['target', 'aiMock'] as const;

/** A process that the harness started ended by itself during the run. */
const exitLine = z.strictObject({
  type: z.literal('exit'),
  process: z.enum(STARTED_PROCESSES),
  /** In ms since the epoch. */
  atMs: z.number().nonnegative(),
  /** Such as `SIGKILL` or `exit status 1`. */
  status: z.string(),
});

export type ExitLine = z.infer<typeof exitLine>;

/** CPU, memory and event loop of a process over a time, as it reports them; null: it does not. */
export const processLine = z.strictObject({
  type: z.literal('process'),
  workload: z.string(),
  /** `target`: the system under test. `model`: the AI mock. */
  process: z.enum(['harness', 'target', 'model']),
  /** Offered rate of a step of a search; else null. */
  ratePerSecond: z.number().positive().nullable(),
  atMs: z.number().positive(),
  durationMs: z.number().nonnegative(),
  /** Of one core. */
  cpuShare: z.number().nonnegative().nullable(),
  residentBytes: z.number().nonnegative().nullable(),
  heapUsedBytes: z.number().nonnegative().nullable(),
  /** Of the model since its start, of the target since its metrics were last read. */
  eventLoopDelayP99Ms: z.number().nonnegative().nullable(),
});

export type ProcessLine = z.infer<typeof processLine>;

/** A connection to the API that was opened. */
const connectionLine = z.strictObject({
  type: z.literal('connection'),
  openedAtMs: z.number().positive(),
  http: z.enum(HTTP_VERSIONS),
  /** Such as TLSv1.3; null without TLS. */
  tls: z.string().nullable(),
});

/** The first answer of the API with a `Content-Encoding`, although none was asked for. */
const encodingLine = z.strictObject({
  type: z.literal('encoding'),
  metAtMs: z.number().positive(),
  encoding: z.string(),
});

export type ConnectionLine = z.infer<typeof connectionLine>;
export type EncodingLine = z.infer<typeof encodingLine>;

/** Version of this schema. A record of another version is refused. */
export const RECORD_VERSION = 2;

/**
 * The part of a load that one machine of several offers. All shards together offer one schedule, and a line of a load describes that one:
 * its rate, places and due times. Shard `index` sends the requests whose place leaves `index - 1` when divided by `of`. Shards of one run
 * share its id, and so each scope, `seed` and `startAtMs`.
 */
const shard = z
  .strictObject({
    /** From 1. */
    index: z.int().positive(),
    of: z.int().positive(),
    /** Names of the loads that were to be offered. */
    loads: z.array(z.string()).min(1),
    seed: z.int(),
    startAtMs: epochMs,
    /** The target's clock less this machine's; null: unknown. */
    clockOffsetMs: z.number().nullable(),
  })
  .refine(({ index, of }) => index <= of, 'a shard from 1 to their number');

export type Shard = z.infer<typeof shard>;

/** First line of a record: what was run, where, and its objectives, so that the record alone is enough to judge it. */
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
      z.strictObject({
        id: z.string(),
        what: z.string(),
        release: z.string(),
        impact: z.string(),
        /** The budget file that lists it, if the target's own file only extends that one. */
        inheritedFrom: z.string().optional(),
      }),
    ),
    /** How often verdicts may be wrong. */
    statistics: z.strictObject({ falsePass: z.number(), falseFail: z.number() }),
    /** Ids of the objectives that the selected tests judge; absent: not known. */
    selected: z.array(z.string()).optional(),
    /** Absent: one machine offered all. */
    shard: shard.optional(),
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
  /** Arrival to the end, whatever it was; of an open call, to the last time it was seen open. */
  endedMs: durationMs,
  status: z.int().nullable(),
  /** The fault that the call met, or how its answer was spoilt; null: none. */
  fault: z.string().nullable(),
  /** How long the mock asked the caller to wait after the end of the call; null: it did not. */
  retryAfterMs: durationMs.nullable(),
  /** Later than its behaviour says, which the mock itself caused. */
  lateMs: z.number().nullable(),
});

/** Round trip of a request that does no work, sent between the measured ones: no smaller time can be measured. */
const noopLine = z.strictObject({
  type: z.literal('noop'),
  workload: z.string(),
  sentAtMs: epochMs,
  roundTripMs: durationMs,
});

/** The start of a workload, and its end. */
const workloadLine = z.strictObject({
  type: z.literal('workload'),
  workload: z.string(),
  scope,
  state: z.enum(['started', 'complete']),
  atMs: epochMs,
  /** Requests of each operation to be sent, without the warm-up. */
  planned: z.record(z.string(), z.int().nonnegative()),
  /** Whether calls of the model can be matched to requests; null: not known. */
  modelCallsMatched: z.boolean().nullable(),
});

/** The harness itself while a workload ran; null: the runtime cannot measure it. */
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
  /** All event-loop stalls of 50 ms and longer. */
  stallMs: durationMs,
  /** The same without the CPU time that was stolen meanwhile. */
  ownStallMs: durationMs.nullable(),
});

/**
 * A time in which the harness could not measure well. `stall`: its event loop did not run when it was due. `stolenCpu`: much of the
 * machine's CPU time went to other virtual machines.
 */
const disturbanceLine = z.strictObject({
  type: z.literal('disturbance'),
  workload: z.string(),
  cause: z.enum(['stall', 'stolenCpu']),
  fromMs: epochMs,
  durationMs: z.number().positive(),
  /** CPU time that was stolen meanwhile, at most the duration; null: the machine does not report it. */
  stolenMs: durationMs.nullable(),
});

/** A time in which the model refused connections. */
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

/** When a call of the model ended, in ms since the epoch by the mock's clock. */
export function endOfCall({ arrivedAtMs, endedMs }: ModelCallLine): number {
  return arrivedAtMs + endedMs;
}

export type RunLine = z.infer<ReturnType<typeof runLine>>;
export type ModelCallLine = z.infer<typeof modelCallLine>;
export type NoopLine = z.infer<typeof noopLine>;
export type WorkloadLine = z.infer<typeof workloadLine>;
export type HarnessLine = z.infer<typeof harnessLine>;
export type DisturbanceLine = z.infer<typeof disturbanceLine>;
export type OutageLine = z.infer<typeof outageLine>;
export type RecordLine = z.infer<ReturnType<typeof recordLine>>;
