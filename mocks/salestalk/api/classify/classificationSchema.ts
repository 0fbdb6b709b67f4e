import { z } from 'zod';
import { vocabulary } from './vocabulary.ts';

const confidence = z.number().min(0).max(1);

/** What the model is asked for. Keys it adds of its own accord are dropped. */
export const modelClassificationSchema = z.object({
  intent: z.enum(vocabulary.intents),
  subject: z.enum(vocabulary.subjects),
  measure: z.enum(vocabulary.measures),
  dimension: z.record(z.string(), z.unknown()).nullish(),
  time: z
    .object({ period: z.string().max(100).nullish(), granularity: z.string().max(100).nullish() })
    .nullish(),
  confidence: z.object({
    overall: confidence,
    components: z.record(z.string(), confidence).nullish(),
  }),
});

export type ModelClassification = z.infer<typeof modelClassificationSchema>;

/** The classification of a question, as `/classify` and `/chat` answer with it. */
export type Classification = {
  intent: ModelClassification['intent'];
  subject: ModelClassification['subject'];
  measure: ModelClassification['measure'];
  dimension: Record<string, unknown>;
  /** Empty when the question names no time. */
  time: { period?: string; granularity?: string };
  /** Shares, 0 to 1. */
  confidence: { overall: number; components: Record<string, number> };
  metadata: {
    /** How many readings of the model's text were tried until one was JSON: as it stands, inside a fence, inside prose. */
    parse_attempts: number;
  };
};
