import { z } from 'zod';
import { harnessLine } from '../record/recordLine.ts';
import { verdictName } from '../statistics/verdict.ts';
import { judgementSchema } from './judgement.ts';
import { loadSummarySchema } from './loadSummary.ts';

/** The result of a run, for programs. It always has all fields; an unknown value is null. */
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
      .describe('Times in which the target answered nothing though requests were waiting'),
  }),
  verdict: verdictName,
  reasons: z
    .array(z.string())
    .describe(
      'Reasons for the verdict besides the objectives, such as broken tests or an interruption',
    ),
  findings: z.array(z.string()).describe('Observations about the target that decide no verdict'),
  objectives: z
    .array(
      judgementSchema.extend({
        knownGap: z.string().nullable().describe('The open gap that excuses this miss; null: none'),
      }),
    )
    .describe('The judged objectives'),
  notMeasured: z
    .array(z.strictObject({ id: z.string(), reason: z.string() }))
    .describe('Objectives of the budget that could not be judged, with the reason'),
  notSelected: z.array(z.string()).describe('Ids of the objectives that no selected test judges'),
  knownGaps: z.array(
    z.strictObject({
      id: z.string(),
      state: z
        .enum(['open', 'closed', 'notMeasured'])
        .describe(
          'closed: all its objectives are met, and the run fails until it is removed from the budget',
        ),
      what: z.string(),
      observed: z.string().describe('What was observed, or why nothing was'),
      missed: z.array(z.string()).describe('Ids of the missed objectives that it excuses'),
      release: z.string(),
      impact: z.string(),
    }),
  ),
  loads: z.array(loadSummarySchema).describe('The loads of the run'),
  harness: z
    .strictObject({
      noopRoundTripMs: z
        .number()
        .nonnegative()
        .nullable()
        .describe(
          'Median round trip of a request that does no work; nothing shorter can be measured',
        ),
      workloads: z.array(harnessLine.omit({ type: true })),
    })
    .describe('Measurements of the harness itself; null: unknown'),
});

export type Summary = z.infer<typeof summarySchema>;

export function summaryJsonSchema(): object {
  return {
    title: 'Summary of a performance run',
    description:
      'A field is added without notice: a program reads those that it knows, and validates by the schema of the commit that wrote the file. schemaVersion rises if a field is removed or renamed, or changes its type, unit or meaning.',
    ...z.toJSONSchema(summarySchema),
  };
}
