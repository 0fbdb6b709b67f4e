import { z } from 'zod';
import { INTENTS, MEASURES, SUBJECTS } from '../../../vocabulary.ts';
import { AiCallError } from '../ai/aiProvider.ts';

const shareSchema = z.number().min(0).max(1);

const wordsSchema = z.string().max(100).nullish();
const orEmpty = <Schema extends z.ZodType<object>>(schema: Schema) =>
  schema.nullish().transform((value): Partial<z.output<Schema>> => value ?? {});

/** What the model is asked for. Keys it adds of its own accord are dropped. */
const modelClassificationSchema = z.object({
  intent: z.enum(INTENTS),
  subject: z.enum(SUBJECTS),
  measure: z.enum(MEASURES),
  dimension: orEmpty(z.record(z.string(), z.unknown())),
  time: orEmpty(z.object({ period: wordsSchema, granularity: wordsSchema })).transform(trimTime),
  confidence: z.object({
    overall: shareSchema,
    components: orEmpty(z.record(z.string(), shareSchema)),
  }),
});

/** Empty when the question names no time. */
function trimTime(time: Record<string, string | null | undefined>) {
  const trimmed = Object.entries(time).map(([name, words]) => [name, words?.trim()]);
  const stated = trimmed.filter(([, words]) => words);
  return Object.fromEntries(stated) as { period?: string; granularity?: string };
}

/** The classification of a question, as `/classify` and `/chat` answer with it. */
export type Classification = z.infer<typeof modelClassificationSchema> & {
  metadata: {
    /** How many ways to read the model's text were tried, the last of them with success: see `parseModelJson`. */
    parse_attempts: number;
  };
};

/** The classification in what a model wrote. @throws AiCallError `malformed` if it is none in the vocabulary */
export function readClassification(text: string): Classification {
  const found = parseModelJson(text);
  if (found === null) throw new AiCallError('malformed', 'the model wrote no JSON object');
  const { success, data, error: cause } = modelClassificationSchema.safeParse(found.value);
  if (!success) throw new AiCallError('malformed', 'the model wrote no classification', { cause });
  return { ...data, metadata: { parse_attempts: found.attempts } };
}

/**
 * The first JSON object in what a model wrote: as it stands, inside a Markdown fence, or between other words.
 * `attempts` says how many of these readings it took. Null when there is none.
 */
export function parseModelJson(text: string): { value: object; attempts: number } | null {
  const readings = [
    text,
    /```((?:(?!```)[\s\S])*)```/.exec(text)?.[1]?.replace(/^[a-z]*/i, ''),
    text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1),
  ];
  for (const [index, reading] of readings.entries()) {
    const value = reading === undefined ? null : parseObject(reading);
    if (value !== null) return { value, attempts: index + 1 };
  }
  return null;
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
