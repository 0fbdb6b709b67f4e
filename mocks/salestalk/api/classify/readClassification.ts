import { AiCallError } from '../ai/aiCallError.ts';
import { type Classification, modelClassificationSchema } from './classificationSchema.ts';
import { parseModelJson } from './parseModelJson.ts';

/** The classification in what a model wrote. @throws AiCallError `malformed` if it is none in our vocabulary */
export function readClassification(text: string): Classification {
  const found = parseModelJson(text);
  if (found === null) throw new AiCallError('malformed', 'the model wrote no JSON object');
  const parsed = modelClassificationSchema.safeParse(found.value);
  if (!parsed.success) {
    throw new AiCallError('malformed', 'the model wrote no classification', {
      cause: parsed.error,
    });
  }
  const { intent, subject, measure, dimension, time, confidence } = parsed.data;
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
