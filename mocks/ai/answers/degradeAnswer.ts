import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { PromptKind } from '../prompt/readPrompt.ts';
import type { Classification } from './classifyQuestion.ts';

/**
 * How the model's text is degraded. A classification becomes JSON that does not parse, JSON in a Markdown fence, JSON of another
 * shape, or has confidences in percent. Any answer becomes empty, or huge (1 MiB by default).
 */
export const degradedAnswerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['malformedJson', 'fencedJson', 'wrongSchema', 'confidenceOutOfRange', 'empty']),
  }),
  z.strictObject({
    kind: z.literal('huge'),
    sizeBytes: z
      .int()
      .min(1)
      .max(64 * 1024 * 1024)
      .optional(),
  }),
]);

export type DegradedAnswer = z.infer<typeof degradedAnswerSchema>;

/** The degraded text of an answer; `null` if the degradation does not apply to this kind of answer. */
export function degradeAnswer(
  text: string,
  kind: PromptKind,
  degraded: DegradedAnswer,
): string | null {
  if (degraded.kind === 'empty') return '';
  if (degraded.kind === 'huge') return enlargeText(text, degraded.sizeBytes);
  if (kind !== 'classification') return null;
  switch (degraded.kind) {
    case 'malformedJson':
      // The braces stay: a client that parses what stands between them finds no JSON either.
      return text.replace('":', '" ');
    case 'fencedJson':
      return `Here is the classification:\n\n\`\`\`json\n${text}\n\`\`\`\n`;
    case 'wrongSchema':
      return JSON.stringify({ category: 'finance', keywords: ['revenue'], certainty: 'high' });
    case 'confidenceOutOfRange':
      return JSON.stringify(convertToPercent(JSON.parse(text)), null, 2);
  }
}

/** Confidences as percentages: a common mistake of models that are asked for [0, 1]. */
function convertToPercent(classification: Classification) {
  const { overall, components } = classification.confidence;
  const percentages = Object.entries(components).map(([name, share]) => [name, share * 100]);
  const confidence = { overall: overall * 100, components: Object.fromEntries(percentages) };
  return { ...classification, confidence };
}

const FILLER = 'and so on ';

/**
 * An answer of this size that starts with the text. A JSON object gets a long `notes` field, other text is continued. A longer
 * text stays as it is.
 */
function enlargeText(text: string, sizeBytes = 1024 * 1024): string {
  const [start, end] = text.startsWith('{')
    ? [`${text.slice(0, -1)}, "notes": "`, '"}']
    : [text, ''];
  const fillerBytes = sizeBytes - Buffer.byteLength(start) - Buffer.byteLength(end);
  if (fillerBytes <= 0) return text;
  return `${start}${FILLER.repeat(Math.ceil(fillerBytes / FILLER.length)).slice(0, fillerBytes)}${end}`;
}
