import type { Classification } from '../../api/classify/classificationSchema.ts';
import { parseModelJson } from '../../api/classify/parseModelJson.ts';

/**
 * A classification made of whatever a model wrote: its fields unchecked, and where there are none, its words. Nothing in it
 * can be relied on but that it does not break the service.
 */
export function credulousClassification(text: string): Classification {
  const found = parseModelJson(text);
  const written: Record<string, unknown> = { ...found?.value };
  const word = (key: string): string => String(written[key] ?? text.slice(0, 200));
  const confidence = fieldsOf(written.confidence);
  const { overall } = confidence;
  const classification = {
    intent: word('intent'),
    subject: word('subject'),
    measure: word('measure'),
    dimension: fieldsOf(written.dimension),
    time: Object.fromEntries(
      Object.entries(fieldsOf(written.time)).filter(([, value]) => typeof value === 'string'),
    ),
    confidence: {
      overall: typeof overall === 'number' ? overall : 1,
      components: fieldsOf(confidence.components),
    },
    metadata: { parse_attempts: found?.attempts ?? 3 },
  };
  return classification as Classification;
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
