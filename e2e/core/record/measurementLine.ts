import { z } from 'zod';

export const epochMs = z.number().positive();
export const durationMs = z.number().nonnegative();
export const scope = z.string().regex(/^[0-9a-f]{8}$/);
const bytes = z.number().nonnegative();
const count = z.number().nonnegative();
const points = z.number().min(0).max(100);
const percent = z.number().min(0).max(100);

/** The request ids in an answer; null where there is none, or none that can be read. */
export const answeredIds = z.strictObject({
  header: z.string().nullable(),
  body: z.string().nullable(),
});

export type AnsweredIds = z.infer<typeof answeredIds>;

/** What every measurement has. It is written as soon as it ended. */
const common = {
  /** Unique in every record: `<scope>-<index>`. */
  id: z.string(),
  workload: z.string(),
  operation: z.string(),
  scope,
  index: z.int().nonnegative(),
  /** Not judged: the first measurements of a workload, which meet cold code and cold connections. */
  warmUp: z.boolean(),
  sentAtMs: epochMs,
  /** Why the measurement counts as failed, in a few words; null when it was answered. */
  failure: z.string().nullable(),
};

/** Name of the fault that the model had; only the objectives of that fault count the measurement. Null: none. */
const fault = z.string().nullable();

/** What a failed check found, in a few words. */
const objection = z.string().nullable();

/** Whether a check of the answer passed; absent if it was not made. */
const check = z.boolean().optional();

/** A request that the harness sent to the API itself. */
const requestLine = z.strictObject({
  type: z.literal('request'),
  ...common,
  tenant: z.string(),
  fault,
  /** Sent later than intended by this much, by the harness's own clock. */
  lateMs: durationMs,
  connectionReused: z.boolean().nullable(),
  /** Null: there was no answer. */
  status: z.int().nullable(),
  requestId: z.string(),
  /** Present where the answer does not carry the id that was sent, in its header and its body. */
  answeredIds: answeredIds.optional(),
  /** What was not observed is absent, never 0. */
  values: z.strictObject({
    latencyMs: durationMs.optional(),
    firstByteMs: durationMs.optional(),
    firstChunkMs: durationMs.optional(),
    /** Send to last byte, where `latencyMs` is that of a part. */
    totalMs: durationMs.optional(),
    /** What the answer says of itself. */
    reportedLatencyMs: z.number().optional(),
    /** Send to the end of the exchange, however it ended. */
    endedMs: durationMs.optional(),
    /** Send to the moment when the caller disconnected without an answer. */
    leftMs: durationMs.optional(),
  }),
  checks: z.strictObject({
    isolation: check,
    soundness: check,
    contract: check,
    secrecy: check,
  }),
  objection,
});

/** Where the time of one request of a page went; a phase that did not take place is null. */
const phases = z.strictObject({
  startedAtMs: epochMs,
  queueMs: durationMs.nullable(),
  dnsMs: durationMs.nullable(),
  connectMs: durationMs.nullable(),
  tlsMs: durationMs.nullable(),
  sendMs: durationMs.nullable(),
  waitMs: durationMs.nullable(),
  downloadMs: durationMs.nullable(),
});

/** An answer on the page, from the click on "Ask" to what was painted. */
const paintedAnswer = {
  latencyMs: durationMs.optional(),
  firstChunkMs: durationMs.optional(),
  longestGapMs: durationMs.optional(),
  /** For how long the page's main thread was blocked. */
  blockedMs: durationMs.optional(),
  requests: count.optional(),
};

/** A question that was asked on the page, in a browser that the harness drives. */
const iterationLine = z.strictObject({
  type: z.literal('iteration'),
  ...common,
  tenant: z.string(),
  fault,
  /** Of the first request to the API. */
  requestId: z.string().nullable(),
  phases: phases.optional(),
  values: z.strictObject({
    ...paintedAnswer,
    /** Click to the end of the observation, of an answer that did not come. */
    endedMs: durationMs.optional(),
  }),
  checks: z.strictObject({ streaming: check, connection: check, page: check }),
  objection,
});

/** A page load. Where a visitor signed in and asked, it has the tenant, and what the first question observed. */
const visitLine = z.strictObject({
  type: z.literal('visit'),
  ...common,
  tenant: z.string().optional(),
  requestId: z.string().optional(),
  phases: phases.optional(),
  values: z.strictObject({
    ...paintedAnswer,
    ttfbMs: durationMs.optional(),
    fcpMs: durationMs.optional(),
    lcpMs: durationMs.optional(),
    inpMs: durationMs.optional(),
    layoutShift: z.number().nonnegative().optional(),
    missedFramesPercent: percent.optional(),
    /** Sign-in to the end of the first answer, without the time to type the question. */
    insightMs: durationMs.optional(),
    /** Over the network. */
    weightBytes: bytes.optional(),
  }),
  checks: z.strictObject({ caching: check }),
  objection,
});

/** A run of Lighthouse, or a flow of it. */
const auditLine = z.strictObject({
  type: z.literal('audit'),
  ...common,
  /** Of a flow that signs in. */
  tenant: z.string().optional(),
  /** Lighthouse's report, relative to the record. A report links to it, so it can be no other address. */
  report: z
    .string()
    .regex(/^lighthouse\/[a-z]+-\d+\.html$/)
    .optional(),
  values: z.strictObject({
    lcpMs: durationMs.optional(),
    tbtMs: durationMs.optional(),
    inpMs: durationMs.optional(),
    layoutShift: z.number().nonnegative().optional(),
    totalBytes: bytes.optional(),
    unusedBytes: bytes.optional(),
    scorePoints: points.optional(),
    accessibilityPoints: points.optional(),
    bestPracticesPoints: points.optional(),
  }),
});

/** What a page or a process held once its garbage was collected. */
const memoryLine = z.strictObject({
  type: z.literal('memory'),
  ...common,
  /** Of a page. */
  tenant: z.string().optional(),
  /** Requests or questions since the reading before. */
  iterations: z.int().positive(),
  values: z.strictObject({
    usedBytes: bytes.optional(),
    nodes: count.optional(),
    listeners: count.optional(),
    documents: count.optional(),
  }),
});

/** A cold start: from the start of the process to the end of its first answer. */
const startLine = z.strictObject({
  type: z.literal('start'),
  ...common,
  values: z.strictObject({ latencyMs: durationMs.optional() }),
});

export type RequestLine = z.infer<typeof requestLine>;
export type IterationLine = z.infer<typeof iterationLine>;
export type VisitLine = z.infer<typeof visitLine>;
export type AuditLine = z.infer<typeof auditLine>;
export type MemoryLine = z.infer<typeof memoryLine>;
export type StartLine = z.infer<typeof startLine>;

/** Any measurement but a request to the API. Samples are taken one after the other. */
export type SampleLine = IterationLine | VisitLine | AuditLine | MemoryLine | StartLine;
export type MeasurementLine = RequestLine | SampleLine;

/** The schemas of the measurements. */
export const measurementLines = [
  requestLine,
  iterationLine,
  visitLine,
  auditLine,
  memoryLine,
  startLine,
] as const;

export type MeasurementKind = MeasurementLine['type'];
export type LineOf<Kind extends MeasurementKind> = Extract<MeasurementLine, { type: Kind }>;

type KeyOfAny<T> = T extends unknown ? keyof T : never;

/** The name of a value of any kind of measurement. */
export type ValueName = KeyOfAny<MeasurementLine['values']>;

/** The values of a measurement of whatever kind. */
export type MeasuredValues = { readonly [Name in ValueName]?: number | undefined };

/** The name of a check of any kind of measurement. */
export type CheckName = KeyOfAny<Extract<MeasurementLine, { checks: object }>['checks']>;

/** The checks of a measurement of whatever kind. */
export type MadeChecks = { readonly [Name in CheckName]?: boolean | undefined };

/** When a measurement was over, in ms since the epoch: its answer was whole, it failed, or its caller left. */
export function endOfMeasurement({
  sentAtMs,
  values,
}: Pick<MeasurementLine, 'sentAtMs' | 'values'>): number {
  const { endedMs, leftMs, totalMs, latencyMs }: MeasuredValues = values;
  return sentAtMs + (endedMs ?? leftMs ?? totalMs ?? latencyMs ?? 0);
}
