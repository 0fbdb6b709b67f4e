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
