import type { ChatFailure } from './failure.ts';
import type { ChatEvent, Classification, DataReference } from './readAnswer.ts';

export type Answer = {
  state: 'loading' | 'streaming' | 'complete' | 'refused' | 'error';
  /** What the service is doing, until the answer has ended. */
  step: 'classifying' | 'fetching' | 'writing';
  classification: Classification | null;
  references: readonly DataReference[];
  narrative: string;
  sessionId: string | null;
  failure: Pick<ChatFailure, 'kind' | 'detail'> | null;
};

export const EMPTY_ANSWER: Answer = {
  state: 'loading',
  step: 'classifying',
  classification: null,
  references: [],
  narrative: '',
  sessionId: null,
  failure: null,
};

/** The answer after one more event. Later events override earlier ones; an answer that has ended does not change. */
export function reduceAnswer(answer: Answer, event: ChatEvent): Answer {
  if (hasEnded(answer)) return answer;
  switch (event.type) {
    case 'classificationStart':
      return { ...answer, step: 'classifying' };
    case 'classificationComplete':
      return { ...answer, classification: event.classification };
    case 'dataStart':
      return { ...answer, step: 'fetching' };
    case 'dataComplete':
      return { ...answer, references: event.references };
    case 'narrativeStart':
      return { ...answer, step: 'writing' };
    case 'narrativeChunk':
      if (event.text === '') return answer;
      return {
        ...answer,
        state: 'streaming',
        step: 'writing',
        narrative: answer.narrative + event.text,
      };
    case 'complete':
      return {
        ...answer,
        state: event.refused ? 'refused' : 'complete',
        classification: event.classification ?? answer.classification,
        references: event.references ?? answer.references,
        narrative: event.narrative ?? answer.narrative,
        sessionId: event.sessionId ?? answer.sessionId,
      };
    case 'failed':
      return { ...answer, state: 'error', failure: { kind: event.kind, detail: event.detail } };
  }
}

export function hasEnded(answer: Answer): boolean {
  return answer.state !== 'loading' && answer.state !== 'streaming';
}
