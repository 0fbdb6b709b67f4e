import { field, textField } from './field.ts';
import { readClassification } from './readClassification.ts';
import { readReferences } from './readReferences.ts';
import type { ChatEvent } from './types.ts';

/** The end of an answer: the last event of the stream, or the body of an answer that was not streamed. */
export function readCompleteAnswer(body: unknown): ChatEvent {
  return {
    type: 'complete',
    narrative: textField(body, 'response'),
    classification: readClassification(field(body, 'classification')),
    references: readReferences(field(body, 'dataReferences')),
    sessionId: textField(body, 'sessionId'),
    refused: field(field(body, 'metadata'), 'refused') === true,
  };
}
