import { z } from 'zod';
import { harnessLine } from '../record/recordLine.ts';
import { verdictName } from '../statistics/verdict.ts';
import { judgementSchema } from './judgement.ts';
import { loadSummarySchema } from './loadSummary.ts';

/** The result of a run, for programs. No field is ever left out; an unknown value is null. */
export const summarySchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    startedAt: z.iso.datetime(),
    durationMs: z.number().nonnegative(),
    commit: z.string().nullable(),
    target: z.string(),
    environment: z.record(z.string(), z.unknown()),
    stalls: z
      .array(
        z.strictObject({
          workload: z.string(),
          startedAt: z.iso.datetime(),
          durationMs: z.number().positive(),
          waiting: z.int().positive().describe('Requests that were waiting when it ended'),
        }),
      )
      .describe('When the target answered nothing though requests waited for it alone'),
  }),
  verdict: verdictName,
  reasons: z
    .array(z.string())
    .describe('What else than its objectives decided the verdict: broken tests, an interruption'),
  findings: z.array(z.string()).describe('What was seen of the target and decides no verdict'),
  objectives: z
    .array(
      judgementSchema.extend({
        knownGap: z
          .string()
          .nullable()
          .describe('The open gap that admits this miss, so that it fails no run; else null'),
      }),
    )
    .describe('Those that were judged'),
  notMeasured: z
    .array(z.strictObject({ id: z.string(), reason: z.string() }))
    .describe('What could not be judged of the budget, and why'),
  notSelected: z
    .array(z.string())
    .describe('Ids of the objectives of the budget that no selected test judges'),
  knownGaps: z.array(
    z.strictObject({
      id: z.string(),
      state: z
        .enum(['open', 'closed', 'notMeasured'])
        .describe('closed: every objective of it is met, and the run fails until it is not listed'),
      what: z.string(),
      observed: z.string().describe('What was seen of it, or why nothing was'),
      missed: z.array(z.string()).describe('Ids of the objectives that it admits as missed'),
      release: z.string(),
      impact: z.string(),
    }),
  ),
  loads: z.array(loadSummarySchema).describe('The loads that the target was put under'),
  harness: z
    .strictObject({
      noopRoundTripMs: z
        .number()
        .nonnegative()
        .nullable()
        .describe('Median round trip of a request that does no work: nothing smaller can be seen'),
      workloads: z.array(harnessLine.omit({ type: true })),
    })
    .describe('The harness on itself; null is what the runtime cannot tell'),
});

export type Summary = z.infer<typeof summarySchema>;

/** The JSON Schema of `summary.json`. */
export function summaryJsonSchema(): object {
  return { title: 'Summary of a performance run', ...z.toJSONSchema(summarySchema) };
}
