import { AiCallError } from '../ai/aiCallError.ts';
import type { AiProviderName } from '../ai/aiProvider.ts';
import type { ModelPrompt, ModelSession } from '../ai/modelSession.ts';
import { classifyQuestion } from '../classify/classifyQuestion.ts';
import { retrieveFigures } from '../data/retrieveFigures.ts';
import type { Services } from '../services.ts';
import type { ChatAnswer } from './chatAnswer.ts';
import type { ChatEvent } from './chatEvent.ts';
import { narrativePrompt } from './narrativePrompt.ts';
import { leastConfidence, noFigures, refusal } from './withoutNarrative.ts';

export type ChatQuestion = {
  message: string;
  tenantId: string;
  sessionId: string;
  requestId: string;
  /** Milliseconds since the request arrived. */
  elapsedMs: () => number;
};

export type ChatServices = Pick<Services, 'readClassification' | 'tables' | 'history'> & {
  model: ModelSession;
  provider: AiProviderName;
  /** How the narrative comes: as the model writes it, or whole. */
  narrate: (prompt: ModelPrompt) => AsyncIterable<string>;
};

/** Answers a question step by step; the last event is `complete`. @throws AiCallError */
export async function* answerChat(
  services: ChatServices,
  question: ChatQuestion,
): AsyncGenerator<ChatEvent, void, undefined> {
  const { tables, history } = services;
  const { message, tenantId, sessionId, requestId } = question;

  yield { type: 'classification_start', requestId };
  const classification = await classifyQuestion(services, message);
  yield { type: 'classification_complete', requestId, classification };

  const complete = (
    answer: Pick<ChatAnswer, 'response' | 'dataReferences'>,
    refused?: { refused: true },
  ): ChatEvent => ({
    type: 'complete',
    response: answer.response,
    sessionId,
    requestId,
    classification,
    dataReferences: answer.dataReferences,
    metadata: {
      latencyMs: Math.round(question.elapsedMs()),
      provider: services.provider,
      confidence: classification.confidence.overall,
      ...refused,
    },
  });

  if (classification.confidence.overall < leastConfidence) {
    yield complete({ response: refusal(classification), dataReferences: [] }, { refused: true });
    return;
  }

  yield { type: 'data_retrieval_start', requestId };
  // A follow-up ("And the margin?") names no period and means the one before.
  const before = history.turns(tenantId, sessionId).at(-1)?.period ?? null;
  const period = classification.time.period ?? before;
  const dataReferences = retrieveFigures(tables, { tenantId, classification, period });
  history.remember(tenantId, sessionId, { question: message, period });
  yield { type: 'data_retrieval_complete', requestId, dataReferences };

  if (dataReferences.length === 0) {
    yield complete({ response: noFigures(classification, period), dataReferences });
    return;
  }

  yield { type: 'narrative_start', requestId };
  const prompt = narrativePrompt({ question: message, classification, dataReferences });
  let response = '';
  for await (const text of services.narrate({ kind: 'narrative', prompt, temperature: 0.3 })) {
    response += text;
    yield { type: 'narrative_chunk', requestId, text };
  }
  if (response.trim() === '') throw new AiCallError('malformed', 'the model wrote no narrative');
  yield complete({ response, dataReferences });
}
