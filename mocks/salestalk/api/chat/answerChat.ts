import { AiCallError, type AiProvider } from '../ai/aiProvider.ts';
import type { ModelPrompt, ModelSession } from '../ai/modelSession.ts';
import type { Classification } from '../classify/classification.ts';
import { classifyQuestion, toOneLine } from '../classify/classifyRoute.ts';
import { type DataReference, retrieveFigures, storedMetric } from '../data/retrieveFigures.ts';
import type { ErrorBody } from '../http/failures.ts';
import type { Services } from '../services.ts';

const MIN_CONFIDENCE = 0.7;
const INSTRUCTIONS =
  'Write a short narrative, two or three sentences of plain prose, that answers the question below. ' +
  'Use the figures of the data references and no others.';

/** What `POST /chat` answers, and what the `complete` event carries. */
export type ChatAnswer = {
  /** The narrative, or the reason why there is none. */
  response: string;
  sessionId: string;
  requestId: string;
  classification: Classification;
  /** Empty when the answer was refused or the tenant has no figures for what was asked. */
  dataReferences: DataReference[];
  metadata: {
    /** Whole milliseconds from the arrival of the request to this answer, gateway and network left out. */
    latencyMs: number;
    provider: AiProvider['name'];
    /** Overall confidence of the classification, 0 to 1. */
    confidence: number;
    /** True when the confidence was too low to answer. Absent otherwise. */
    refused?: true;
  };
};

/**
 * One line of the stream of `POST /chat`, e.g. `{"type":"narrative_chunk","requestId":"…","text":"Revenue in "}`. `complete` or
 * `error` is the last. The texts of all `narrative_chunk` events joined are the `response` of `complete`.
 */
export type ChatEvent = { requestId: string } & (
  | { type: 'classification_start' | 'data_retrieval_start' | 'narrative_start' }
  | { type: 'classification_complete'; classification: Classification }
  | { type: 'data_retrieval_complete'; dataReferences: DataReference[] }
  | { type: 'narrative_chunk'; text: string }
  | ({ type: 'complete' } & ChatAnswer)
  | ({ type: 'error' } & ErrorBody)
);

export type ChatQuestion = {
  message: string;
  tenantId: string;
  sessionId: string;
  requestId: string;
  elapsedMs: () => number;
};

type ChatServices = Pick<Services, 'readClassification' | 'tables' | 'history'> & {
  model: ModelSession;
  provider: AiProvider['name'];
  /** Yields the narrative chunk by chunk, or whole. */
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
    response: string,
    dataReferences: DataReference[],
    refused?: { refused: true },
  ): ChatEvent => ({
    type: 'complete',
    response,
    sessionId,
    requestId,
    classification,
    dataReferences,
    metadata: {
      latencyMs: Math.round(question.elapsedMs()),
      provider: services.provider,
      confidence: classification.confidence.overall,
      ...refused,
    },
  });

  if (classification.confidence.overall < MIN_CONFIDENCE) {
    yield complete(describeRefusal(classification), [], { refused: true });
    return;
  }

  yield { type: 'data_retrieval_start', requestId };
  // A follow-up ("And the margin?") names no period and means the one before.
  const period = classification.time.period ?? history.lastPeriod(tenantId, sessionId);
  const dataReferences = retrieveFigures(tables, { tenantId, classification, period });
  history.remember(tenantId, sessionId, period);
  yield { type: 'data_retrieval_complete', requestId, dataReferences };

  if (dataReferences.length === 0) {
    yield complete(describeNoFigures(classification, period), dataReferences);
    return;
  }

  yield { type: 'narrative_start', requestId };
  const prompt = [
    INSTRUCTIONS,
    `Question: ${toOneLine(message)}`,
    `Classification: ${JSON.stringify(classification)}`,
    `Data references: ${JSON.stringify(dataReferences)}`,
    '',
  ].join('\n');
  let response = '';
  for await (const text of services.narrate({ kind: 'narrative', prompt, temperature: 0.3 })) {
    response += text;
    yield { type: 'narrative_chunk', requestId, text };
  }
  if (response.trim() === '') throw new AiCallError('malformed', 'the model wrote no narrative');
  yield complete(response, dataReferences);
}

function describeRefusal(classification: Classification): string {
  const percent = Math.round(classification.confidence.overall * 100);
  return `I am only ${percent}% sure what you are asking, which is too little to answer. Please name a figure and a period, for example "What is Q3 revenue?".`;
}

/** The answer for a tenant without figures. The model is not called: it could only invent some. */
function describeNoFigures(classification: Classification, period: string | null): string {
  const metric = storedMetric(classification.measure).replaceAll('_', ' ');
  return `I have no figures on ${metric}${period === null ? '' : ` for ${period}`}, so I cannot answer that.`;
}
