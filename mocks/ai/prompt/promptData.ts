import { z } from 'zod';

/** A figure that a narrative prompt carries. */
export type DataReference = {
  metric: string;
  period: string | null;
  value: number;
  unit: string | null;
  table: string | null;
};

// The names that deployments are known or likely to use for the same thing.
const figureSchema = z.object({
  metric: z.string().optional(),
  measure: z.string().optional(),
  name: z.string().optional(),
  period: z.string().nullish(),
  value: z.number(),
  unit: z.string().nullish(),
  source: z.object({ table: z.string().nullish() }).nullish(),
});

/** The first list of figures among the JSON values of a prompt, however deep in them; `null` if there is none. An empty list is none. */
export function readDataReferences(values: readonly unknown[]): DataReference[] | null {
  for (const value of values) {
    const references = figuresIn(value);
    if (references !== null) return references;
  }
  return null;
}

function figuresIn(value: unknown): DataReference[] | null {
  if (Array.isArray(value)) {
    const figures = value.map(readFigure);
    return figures.length > 0 && figures.every((figure) => figure !== null) ? figures : null;
  }
  if (typeof value !== 'object' || value === null) return null;
  return readDataReferences(Object.values(value));
}

function readFigure(value: unknown): DataReference | null {
  const figure = figureSchema.safeParse(value);
  if (!figure.success) return null;
  const metric = figure.data.metric ?? figure.data.measure ?? figure.data.name;
  if (metric === undefined) return null;
  const { period = null, value: number, unit = null, source } = figure.data;
  return { metric, period, value: number, unit, table: source?.table ?? null };
}

/** What a narrative says of the question where it has no figures to speak of. */
export type PromptClassification = { subject: string | null; period: string | null };

const classificationSchema = z.object({
  intent: z.string(),
  subject: z.string().nullish(),
  time: z.object({ period: z.string().nullish() }).nullish(),
});

/** The last classification among the JSON values of a prompt; `null` if there is none. */
export function readClassification(values: readonly unknown[]): PromptClassification | null {
  let last: PromptClassification | null = null;
  for (const value of values) {
    const candidates = [value, isRecord(value) ? value.classification : undefined];
    for (const candidate of candidates) {
      const read = classificationSchema.safeParse(candidate);
      if (!read.success) continue;
      last = { subject: read.data.subject ?? null, period: read.data.time?.period ?? null };
    }
  }
  return last;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
