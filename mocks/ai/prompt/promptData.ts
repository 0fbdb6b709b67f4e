import { z } from 'zod';

const MAX_FAILURES = 50;
// With the start of what may follow: a failed attempt to parse is expensive.
const OPENINGS = /\{(?=\s*["}])|\[(?=\s*[\]{["\-\dtfn])/g;

/**
 * The outermost JSON objects and arrays that stand anywhere in a text, in order of their place.
 * A bracket that opens no valid JSON is passed over; after 50 of those the search ends, so that hostile text costs little.
 */
export function findJsonValues(text: string): unknown[] {
  const found: unknown[] = [];
  let failures = 0;
  let endOfLast = 0;
  for (const { index } of text.matchAll(OPENINGS)) {
    if (index < endOfLast) continue;
    const end = findBalancedEnd(text, index);
    const value = end === null ? undefined : parseJson(text.slice(index, end));
    if (value !== undefined && end !== null) {
      found.push(value);
      endOfLast = end;
    } else if (++failures >= MAX_FAILURES) break;
  }
  return found;
}

/** `undefined`, which JSON cannot say, where the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The offset behind the bracket that closes the one at `start`; `null` if none does. */
function findBalancedEnd(text: string, start: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

export type DataReference = {
  metric: string;
  period: string | null;
  value: number;
  unit: string | null;
  table: string | null;
};

// The names that deployments are known or likely to use for the same thing.
const figureSchema = z
  .object({
    metric: z.string().optional(),
    measure: z.string().optional(),
    name: z.string().optional(),
    period: z.string().nullish(),
    value: z.number(),
    unit: z.string().nullish(),
    source: z.object({ table: z.string().nullish() }).nullish(),
  })
  .refine(({ metric, measure, name }) => (metric ?? measure ?? name) !== undefined)
  .transform(({ metric, measure, name, period, value, unit, source }) => ({
    metric: metric ?? measure ?? name ?? '',
    period: period ?? null,
    value,
    unit: unit ?? null,
    table: source?.table ?? null,
  }));
const figuresSchema = z.array(figureSchema).min(1);

/** The first list of figures in a JSON value, however deep; `null` if there is none. An empty list is none. */
export function findDataReferences(value: unknown): DataReference[] | null {
  if (typeof value !== 'object' || value === null) return null;
  const figures = figuresSchema.safeParse(value);
  if (figures.success) return figures.data;
  for (const part of Object.values(value)) {
    const found = findDataReferences(part);
    if (found !== null) return found;
  }
  return null;
}

/** What a narrative without figures names. */
export type PromptClassification = { subject: string | null; period: string | null };

const classificationSchema = z.object({
  intent: z.string(),
  subject: z.string().nullish(),
  time: z.object({ period: z.string().nullish() }).nullish(),
});

/** The last classification among the JSON values of a prompt; `null` if there is none. */
export function findClassification(values: readonly unknown[]): PromptClassification | null {
  let last: PromptClassification | null = null;
  for (const value of values.flatMap((each) => [each, Object(each).classification])) {
    const { success, data } = classificationSchema.safeParse(value);
    if (success) last = { subject: data.subject ?? null, period: data.time?.period ?? null };
  }
  return last;
}
