import type { Handler } from 'hono';
import { INTENTS, MEASURES, SUBJECTS } from '../../../vocabulary.ts';
import type { ModelSession } from '../ai/modelSession.ts';
import { type ApiEnv, readBody, requireText } from '../http/request.ts';
import { openModelSession, type Services } from '../services.ts';
import type { Classification } from './classification.ts';

const INSTRUCTIONS = `Classify the business question below. Answer with one JSON object and nothing else:
{"intent": …, "subject": …, "measure": …, "dimension": {}, "time": {"period": …, "granularity": …}, "confidence": {"overall": …, "components": {"intent": …, "subject": …, "measure": …, "time": …}}}
intent is one of: ${INTENTS.join(', ')}
subject is one of: ${SUBJECTS.join(', ')}
measure is one of: ${MEASURES.join(', ')}
period is the time the question names, such as Q3, 2025-Q3 or 2025; leave time empty where it names none.
Every confidence is a number from 0 to 1; be honest where the question is vague.`;

/** `POST /classify` `{ "question": string }`: one model call. */
export function createClassifyHandler(services: Services): Handler<ApiEnv> {
  return async (c) => {
    const { requestId, tenantId, arrivedAtMs } = c.var;
    const question = requireText(await readBody(c), 'question');
    const { readClassification } = services;
    const model = openModelSession(services, c);
    const classification = await classifyQuestion({ model, readClassification }, question);
    const latencyMs = Math.round(services.clock.monotonicMs() - arrivedAtMs);
    const metadata = { latencyMs, provider: services.provider.name };
    return c.json({ classification, requestId, tenantId, metadata });
  };
}

/** Has the model classify a question: one model call. @throws AiCallError */
export async function classifyQuestion(
  { model, readClassification }: { model: ModelSession } & Pick<Services, 'readClassification'>,
  question: string,
): Promise<Classification> {
  const prompt = `${INSTRUCTIONS}\nQuestion: ${toOneLine(question)}\n`;
  return readClassification(
    await model.complete({ kind: 'classification', prompt, temperature: 0 }),
  );
}

/** A question as one line, so that no part of it looks like another line of the prompt. */
export function toOneLine(question: string): string {
  return question.replace(/\s+/g, ' ').trim();
}
