import { codeFailure } from './failure.ts';
import type { ChatEvent, Classification, DataReference } from './types.ts';

/** More figures than a chat can show are cut off, so that no answer fills the page. */
const MAX_REFERENCES = 50;

/**
 * The event in one line of the stream; `null` for an unknown kind, so that the service may add some.
 * @throws SyntaxError if the line is not JSON
 */
export function readEvent(line: string): ChatEvent | null {
  const event: unknown = JSON.parse(line);
  switch (readField(event, 'type')) {
    case 'classification_start':
      return { type: 'classificationStart' };
    case 'classification_complete':
      return {
        type: 'classificationComplete',
        classification: readClassification(readField(event, 'classification')),
      };
    case 'data_retrieval_start':
      return { type: 'dataStart' };
    case 'data_retrieval_complete':
      return {
        type: 'dataComplete',
        references: readReferences(readField(event, 'dataReferences')) ?? [],
      };
    case 'narrative_start':
      return { type: 'narrativeStart' };
    case 'narrative_chunk':
      return { type: 'narrativeChunk', text: readText(event, 'text') ?? '' };
    case 'complete':
      return readCompleteAnswer(event);
    case 'error':
      return {
        type: 'failed',
        kind: codeFailure(readText(event, 'error')),
        detail: readText(event, 'message'),
      };
    default:
      return null;
  }
}

/** The end of an answer: the last event of the stream, or the body of an answer that was not streamed. */
export function readCompleteAnswer(body: unknown): ChatEvent {
  return {
    type: 'complete',
    narrative: readText(body, 'response'),
    classification: readClassification(readField(body, 'classification')),
    references: readReferences(readField(body, 'dataReferences')),
    sessionId: readText(body, 'sessionId'),
    refused: readField(readField(body, 'metadata'), 'refused') === true,
  };
}

/** The classification of a service's answer; `null` where there is none. */
function readClassification(value: unknown): Classification | null {
  if (typeof value !== 'object' || value === null) return null;
  return {
    intent: readText(value, 'intent'),
    subject: readText(value, 'subject'),
    measure: readText(value, 'measure'),
    period: readText(readField(value, 'time'), 'period'),
    confidence: readNumber(readField(value, 'confidence'), 'overall'),
  };
}

/** The `dataReferences` of a service's answer; `null` where it states none. */
function readReferences(value: unknown): DataReference[] | null {
  if (!Array.isArray(value)) return null;
  return value.slice(0, MAX_REFERENCES).map((reference: unknown) => {
    const source = readField(reference, 'source');
    const key = [readText(source, 'pk'), readText(source, 'sk')].filter((part) => part !== null);
    return {
      metric: readText(reference, 'metric') ?? 'figure',
      period: readText(reference, 'period'),
      value: readNumber(reference, 'value'),
      unit: readText(reference, 'unit'),
      table: readText(source, 'table'),
      key: key.length > 0 ? key.join(' / ') : null,
    };
  });
}

/** A member of an object of unknown shape; `undefined` where there is none. */
export function readField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** A member that is text with something in it, or `null`. */
export function readText(value: unknown, name: string): string | null {
  const text = readField(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}

/** A member that is a finite number, or `null`. */
function readNumber(value: unknown, name: string): number | null {
  const number = readField(value, name);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
