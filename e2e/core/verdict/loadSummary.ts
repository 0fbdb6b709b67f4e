import { z } from 'zod';
import { loadStep } from '../record/loadLine.ts';
import { processLine } from '../record/recordLine.ts';

/** Quantiles of n times. Own time is a difference of two clocks, so it may be a little below zero. */
const timesSchema = z
  .strictObject({
    n: z.int().positive(),
    p50Ms: z.number(),
    p95Ms: z.number(),
    p99Ms: z.number(),
    maxMs: z.number(),
  })
  .meta({ id: 'times' });

export type Times = z.infer<typeof timesSchema>;

/** The requests of one operation or tenant in a load. */
const loadPart = z
  .strictObject({
    name: z.string(),
    n: z.int().positive(),
    failed: z.int().nonnegative(),
    /** Of the answered ones, from their intended starts; null: none. */
    response: timesSchema.nullable(),
  })
  .meta({ id: 'loadPart' });

export type LoadPart = z.infer<typeof loadPart>;

const count = z.int().nonnegative();
const perSecond = z.number().nonnegative().nullable();
const times = timesSchema.nullable();

/** The figures of a load, or of a step of a search. Times are of answered requests, lateness of all that were sent; null: unknown. */
export const loadResultSchema = z.strictObject({
  step: loadStep,
  n: count.describe('Requests judged'),
  warmUp: count.describe('Requests before them, thrown away'),
  seconds: perSecond.describe('From the first intended start to the last, pauses left out'),
  offeredPerSecond: perSecond.describe('Intended starts; those that were never sent as well'),
  achievedPerSecond: perSecond.describe('Answers, up to the last end'),
  neverSent: count,
  failed: count.describe('Those that were never sent as well'),
  failures: z
    .array(z.strictObject({ failure: z.string(), n: count }))
    .describe('By kind, the most frequent first'),
  otherFailures: count.describe('Of kinds that are not listed'),
  late: times.describe('How much later than intended requests were sent'),
  response: times.describe('From the intended start to the end'),
  service: times.describe('From the sending to the end'),
  own: times.describe('Service time less the time of the model'),
  connections: z
    .strictObject({ opened: count, n: count })
    .nullable()
    .describe('Requests that had to open one, of those of which it is known'),
  isolation: z
    .strictObject({ checked: count, foreign: count })
    .describe('Answers whose owner was checked, and those that belonged to another'),
  operations: z.array(loadPart),
  tenants: z
    .strictObject({ count, slowest: z.array(loadPart) })
    .describe('How many there are, and those with the highest P95'),
});

export type LoadResult = z.infer<typeof loadResultSchema>;

/** CPU, memory and event loop of a process during a load, or during the step of a search at this rate. */
const processResultSchema = processLine
  .pick({
    process: true,
    ratePerSecond: true,
    cpuShare: true,
    residentBytes: true,
    heapUsedBytes: true,
    eventLoopDelayP99Ms: true,
  })
  .extend({
    cpuShare: processLine.shape.cpuShare.describe('Of one core'),
    residentBytes: processLine.shape.residentBytes.describe('At most, whenever it was read'),
    heapUsedBytes: processLine.shape.heapUsedBytes.describe('At most, whenever it was read'),
    eventLoopDelayP99Ms: processLine.shape.eventLoopDelayP99Ms.describe('The worst that was read'),
  });

export type ProcessResult = z.infer<typeof processResultSchema>;

const doubt = z
  .string()
  .nullable()
  .describe('Why it says nothing of the target: the harness or the AI mock was the bottleneck');

/** A load as a whole, the steps of a search by themselves, and the processes that took part. */
export const loadSummarySchema = z.strictObject({
  workload: z.string(),
  result: loadResultSchema,
  doubt,
  steps: z
    .array(loadResultSchema.extend({ doubt }))
    .describe('Of a search, in the order of their rates; of other loads none'),
  processes: z.array(processResultSchema),
});

export type LoadSummary = z.infer<typeof loadSummarySchema>;
