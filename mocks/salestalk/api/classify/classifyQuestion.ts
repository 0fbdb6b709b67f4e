import type { ModelSession } from '../ai/modelSession.ts';
import { classificationPrompt } from './classificationPrompt.ts';
import type { Classification } from './classificationSchema.ts';
import { readClassification } from './readClassification.ts';

/** Has the model classify a question: one model call. @throws AiCallError */
export async function classifyQuestion(
  model: ModelSession,
  question: string,
): Promise<Classification> {
  const prompt = classificationPrompt(question);
  return readClassification(
    await model.complete({ kind: 'classification', prompt, temperature: 0 }),
  );
}
