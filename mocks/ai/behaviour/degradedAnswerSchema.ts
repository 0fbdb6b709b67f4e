import { z } from 'zod';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What is wrong with the text that the model writes. Of a classification: JSON that does not parse, JSON in a Markdown
 * fence, JSON of another shape, confidences in percent. Of any answer: no text at all, or very much of it (1 MiB unless told).
 */
export const degradedAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['malformedJson', 'fencedJson', 'wrongSchema', 'confidenceOutOfRange', 'empty']),
  }),
  z.strictObject({
    kind: z.literal('huge'),
    sizeBytes: z.int().min(1).max(MOST_BYTES).optional(),
  }),
]);

export type DegradedAnswer = z.infer<typeof degradedAnswerSchema>;
