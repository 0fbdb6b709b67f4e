import { z } from 'zod';
import {
  INTENTS,
  type Intent,
  MEASURES,
  type Measure,
  SUBJECTS,
  type Subject,
} from '../../../vocabulary.ts';
import { AiCallError } from '../ai/aiCallError.ts';

const shareSchema = z.number().min(0).max(1);

/** What the model is asked for. Keys it adds of its own accord are dropped. */
const modelClassificationSchema = z.object({
  intent: z.enum(INTENTS),
  subject: z.enum(SUBJECTS),
  measure: z.enum(MEASURES),
  dimension: z.record(z.string(), z.unknown()).nullish(),
  time: z
    .object({ period: z.string().max(100).nullish(), granularity: z.string().max(100).nullish() })
    .nullish(),
  confidence: z.object({
    overall: shareSchema,
    components: z.record(z.string(), shareSchema).nullish(),
  }),
});

/** The classification of a question, as `/classify` and `/chat` answer with it. */
export type Classification = {
  intent: Intent;
  subject: Subject;
  measure: Measure;
  dimension: Record<string, unknown>;
  /** Empty when the question names no time. */
  time: { period?: string; granularity?: string };
  /** Shares, 0 to 1. */
  confidence: { overall: number; components: Record<string, number> };
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
  const { intent, subject, measure, dimension, time, confidence } = data;
  const period = time?.period?.trim() ?? '';
  const granularity = time?.granularity?.trim() ?? '';
  return {
    intent,
    subject,
    measure,
    dimension: dimension ?? {},
    time: { ...(period === '' ? {} : { period }), ...(granularity === '' ? {} : { granularity }) },
    confidence: { overall: confidence.overall, components: confidence.components ?? {} },
    metadata: { parse_attempts: found.attempts },
  };
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
