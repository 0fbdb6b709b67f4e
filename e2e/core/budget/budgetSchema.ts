import { z } from 'zod';
import { METRICS } from './metrics.ts';
import { type ObjectiveId, objectiveIds } from './objectiveIds.ts';
import { CAPABILITIES, type Capability, type OperationCatalogue } from './operationCatalogue.ts';

const sampling = {
  sampleBudget: z
    .int()
    .positive()
    .max(1_000_000)
    .describe('Events to judge; must be enough to establish the objective'),
  onInconclusive: z
    .enum(['fail', 'report'])
    .default('fail')
    .describe('What an inconclusive verdict does to the run'),
};

const OBJECTIVE_SCHEMAS = {
  quantile: z.strictObject({
    belowMs: z.number().positive().describe('The quantile must be below this, in ms'),
    ...sampling,
  }),
  share: z.strictObject({
    aboveShare: z.number().gt(0).lt(1).describe('Share of good events that must be exceeded'),
    ...sampling,
  }),
  count: z.strictObject({
    atMostCalls: z.int().positive().describe('No request may cost more calls than this'),
    ...sampling,
  }),
};

/** An objective as it is written in a budget file; the key that holds the number says direction and unit. */
export type BudgetObjective = z.infer<(typeof OBJECTIVE_SCHEMAS)[keyof typeof OBJECTIVE_SCHEMAS]>;

const host = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/, {
    error: 'a host or host:port in lower case, without scheme, path or wildcard',
    abort: true,
  })
  .refine(isCanonicalHost, 'a host or host:port, spelt as a URL parser gives it back')
  .describe('Host, or host:port, that may be driven');

const capabilities = Object.fromEntries(
  CAPABILITIES.map((capability) => [capability, z.boolean()]),
) as Record<Capability, z.ZodBoolean>;

const knownGap = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
  what: z.string().min(1),
  release: z.string().min(1),
  impact: z.enum(['low', 'medium', 'high']),
  rationale: z.string().min(1),
});

export const ceilingsSchema = z.strictObject({
  requestsPerSecond: z.number().positive(),
  requestsPerRun: z.int().positive(),
  durationSeconds: z.number().positive().describe('Of one workload'),
  paidModelCalls: z.int().nonnegative().describe('Calls of a model that is not mocked'),
  load: z.boolean().describe('May this target be put under load?'),
});

/**
 * The schema of `budgets/<target>.json` for a product with these operations. Unknown keys are errors everywhere:
 * an objective with a slip in its name would otherwise never be judged, and never be missed.
 */
export function budgetSchema(catalogue: OperationCatalogue) {
  return z.strictObject({
    $schema: z.string().optional(),
    hosts: z.array(host).min(1).describe('The only hosts that may be driven'),
    supports: z.strictObject(capabilities).describe('What the target has'),
    ceilings: ceilingsSchema.describe('What one run may cost the target at most'),
    statistics: z
      .strictObject({
        falsePass: z.number().gt(0).lt(0.5).default(0.05),
        falseFail: z.number().gt(0).lt(0.5).default(0.01),
      })
      .prefault({})
      .describe('Error rates: a false pass for each objective, a false fail for the whole run'),
    objectives: z.strictObject(objectiveSchemas(objectiveIds(catalogue))),
    knownGaps: z.array(knownGap).default([]),
  });
}

/** Hosts are compared as parsed: one that is spelt in another way (`127.1`, `example.com.`, a port over 65535) would never match. */
function isCanonicalHost(host: string): boolean {
  // Each scheme drops the port that it implies, so an entry with that port is spelt as the other one has it.
  const spellings = ['http', 'https'].map((scheme) => URL.parse(`${scheme}://${host}`)?.host);
  return spellings.includes(host) && !host.endsWith('.');
}

function objectiveSchemas(
  ids: ObjectiveId[],
): Record<string, z.ZodType<BudgetObjective | undefined>> {
  return Object.fromEntries(
    ids.map(({ id, metric }) => [id, OBJECTIVE_SCHEMAS[METRICS[metric].kind].optional()]),
  );
}

export type Budget = z.infer<ReturnType<typeof budgetSchema>>;
