import { failureOfCode } from './failureOfCode.ts';
import { field, textField } from './field.ts';
import { readClassification } from './readClassification.ts';
import { readCompleteAnswer } from './readCompleteAnswer.ts';
import { readReferences } from './readReferences.ts';
import type { ChatEvent } from './types.ts';

/**
 * One event of the stream, as told by its line of JSON; `null` for a kind this page does not know, so that the service may
 * add some.
 * @throws SyntaxError if the line is not JSON
 */
export function readEvent(line: string): ChatEvent | null {
  const event: unknown = JSON.parse(line);
  switch (field(event, 'type')) {
    case 'classification_start':
      return { type: 'classificationStart' };
    case 'classification_complete':
      return {
        type: 'classificationComplete',
        classification: readClassification(field(event, 'classification')),
      };
    case 'data_retrieval_start':
      return { type: 'dataStart' };
    case 'data_retrieval_complete':
      return {
        type: 'dataComplete',
        references: readReferences(field(event, 'dataReferences')) ?? [],
      };
    case 'narrative_start':
      return { type: 'narrativeStart' };
    case 'narrative_chunk':
      return { type: 'narrativeChunk', text: textField(event, 'text') ?? '' };
    case 'complete':
      return readCompleteAnswer(event);
    case 'error':
      return {
        type: 'failed',
        kind: failureOfCode(textField(event, 'error')),
        detail: textField(event, 'message'),
      };
    default:
      return null;
  }
}
