import { z } from 'zod';
import { type Load, loadSchema } from './loadSchema.ts';
import type { Metric } from './metric.ts';
import {
  CAPABILITIES,
  type Capability,
  gapIds,
  type ObjectiveId,
  type OperationCatalogue,
  objectiveIds,
} from './operationCatalogue.ts';

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

/** An objective as a budget file writes it: the key of its metric holds the number. */
export type BudgetObjective = {
  sampleBudget: number;
  onInconclusive: 'fail' | 'report';
} & Record<string, unknown>;

const host = z
  .string()
  .regex(/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/, {
    error: 'a host or host:port in lower case, without scheme, path or wildcard',
    abort: true,
  })
  .refine(isCanonicalHost, 'a host or host:port, spelt as a URL parser gives it back')
  .describe('Host, or host:port, that may be driven');

export const supportsSchema = z.strictObject(
  Object.fromEntries(CAPABILITIES.map((name) => [name, z.boolean()])) as Record<
    Capability,
    z.ZodBoolean
  >,
);

export const HTTP_VERSIONS = ['1.1', '2'] as const;
export type HttpVersion = (typeof HTTP_VERSIONS)[number];

const knownGap = z.strictObject({
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
  faults: z.boolean().describe('May the model of this target be made to fail?'),
});

/** The schema of a whole budget. It refuses unknown keys everywhere: a misspelt objective would never be judged. */
export function budgetSchema(catalogue: OperationCatalogue) {
  const { objectives, loads, ...rest } = budgetSections(catalogue);
  return z.strictObject({
    $schema: z.string().optional(),
    ...rest,
    objectives: z.strictObject(objectives).partial(),
    loads: z.strictObject(loads).partial().prefault({}),
  });
}

/** With `extends`, a file says how it differs from another: entries of MERGED_BY_ENTRY replace those of that name, and null removes one. */
export function budgetFileSchema(catalogue: OperationCatalogue) {
  const { objectives, loads, ...rest } = budgetSections(catalogue);
  return z
    .strictObject({
      $schema: z.string().optional(),
      extends: z
        .string()
        .regex(/^[\w-]+\.json$/, { error: 'the name of a file beside this one', abort: true })
        .describe('The file beside this one that this file says the differences from'),
      ...rest,
      supports: rest.supports.partial().describe('What the target has'),
      ceilings: rest.ceilings.partial().describe('What one run may cost the target at most'),
      objectives: z.strictObject(nullableEntries(objectives)).partial(),
      loads: z
        .strictObject(nullableEntries(loads))
        .partial()
        .describe('The loads that objectives are judged under'),
    })
    .partial();
}

function budgetSections(catalogue: OperationCatalogue) {
  return {
    hosts: z.array(host).min(1).describe('The only hosts that may be driven'),
    pageHosts: z
      .array(host)
      .default([])
      .describe('Other hosts that the page may load from, such as one for fonts'),
    http: z
      .enum(HTTP_VERSIONS)
      .default('1.1')
      .describe(
        'Protocol of requests to the API: HTTP/1.1 with a connection for each that is under way, or HTTP/2 over TLS, where they share one',
      ),
    supports: supportsSchema,
    ceilings: ceilingsSchema,
    statistics: z
      .strictObject({
        falsePass: z.number().gt(0).lt(0.5).default(0.05),
        falseFail: z.number().gt(0).lt(0.5).default(0.01),
      })
      .prefault({})
      .describe('Error rates: a false pass for each objective, a false fail for the whole run'),
    objectives: objectiveSchemas(objectiveIds(catalogue)),
    loads: loadSchemas(catalogue),
    knownGaps: z
      .array(knownGap.extend({ id: z.enum(gapIds(catalogue)) }))
      .refine((gaps) => new Set(gaps.map(({ id }) => id)).size === gaps.length, 'each gap once')
      .default([])
      .describe('Gaps that the target admits; each is measured all the same'),
    embedded: z
      .strictObject({ flavour: z.string().regex(/^[a-z-]+$/, 'lower-case letters and hyphens') })
      .optional()
      .describe('The harness starts the product itself, of this flavour, and drives that'),
  };
}

type Schemas<T> = Record<string, z.ZodType<T>>;

/** Entries that may be null, which removes them. Entries that share a schema still do, so that the JSON schema stays small. */
function nullableEntries<T>(schemas: Schemas<T>): Schemas<T | null> {
  const nullable = new Map<z.ZodType<T>, z.ZodType<T | null>>();
  const entries = Object.entries(schemas).map(([key, schema]) => {
    const known = nullable.get(schema);
    const entry = known ?? schema.nullable().meta({ id: `${schema.meta()?.id}OrNull` });
    nullable.set(schema, entry);
    return [key, entry] as const;
  });
  return Object.fromEntries(entries);
}

/** Hosts are compared as a URL parser writes them: another spelling (`127.1`, `example.com.`) would never match. */
function isCanonicalHost(host: string): boolean {
  // The parser drops the default port of a scheme, but not that of the other scheme.
  const spellings = ['http', 'https'].map((scheme) => URL.parse(`${scheme}://${host}`)?.host);
  return spellings.includes(host) && !host.endsWith('.');
}

function objectiveSchemas(ids: ObjectiveId[]): Schemas<BudgetObjective> {
  // Ids with the same key share a schema, so that the JSON schema contains it once.
  const byKey: Schemas<BudgetObjective> = {};
  return Object.fromEntries(
    ids.map(({ id, metric }) => {
      const { key } = metric;
      byKey[key] ??= budgetObjectiveSchema(metric).meta({ id: key });
      return [id, byKey[key]];
    }),
  );
}

function budgetObjectiveSchema({ key, kind, limit }: Metric): z.ZodType<BudgetObjective> {
  const timeLimit = kind === 'capacity' ? { p95BelowMs } : {};
  return z.strictObject({ [key]: limit, ...timeLimit, ...sampling });
}

const p95BelowMs = z
  .number()
  .positive()
  .describe('A rate is kept where the P95 of response times stays below this, in ms');

function loadSchemas(catalogue: OperationCatalogue): Schemas<Load> {
  const sent = Object.entries(catalogue.operations).filter(([, operation]) => operation.sent);
  const schema = loadSchema(sent.map(([name]) => name)).meta({ id: 'load' });
  const names = Object.values(catalogue.operations).flatMap(({ load, workload }) =>
    load === undefined || workload === null ? [] : [workload],
  );
  return Object.fromEntries(names.map((name) => [name, schema]));
}

export type Budget = z.infer<ReturnType<typeof budgetSchema>>;
