import type { ModelSession } from '../ai/modelSession.ts';
import type { Services } from '../services.ts';
import { classificationPrompt } from './classificationPrompt.ts';
import type { Classification } from './classificationSchema.ts';

/** Has the model classify a question: one model call. @throws AiCallError */
export async function classifyQuestion(
  { model, readClassification }: { model: ModelSession } & Pick<Services, 'readClassification'>,
  question: string,
): Promise<Classification> {
  const prompt = classificationPrompt(question);
  return readClassification(
    await model.complete({ kind: 'classification', prompt, temperature: 0 }),
  );
}
