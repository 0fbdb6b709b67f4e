import { failureOfCode } from './failure.ts';
import type { ChatEvent, Classification, DataReference } from './types.ts';

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

/** The classification of a service's answer; `null` where there is none. */
function readClassification(value: unknown): Classification | null {
  if (typeof value !== 'object' || value === null) return null;
  return {
    intent: textField(value, 'intent'),
    subject: textField(value, 'subject'),
    measure: textField(value, 'measure'),
    period: textField(field(value, 'time'), 'period'),
    confidence: numberField(field(value, 'confidence'), 'overall'),
  };
}

/** More figures than a chat can show are cut off, so that no answer fills the page. */
const maxReferences = 50;

/** The `dataReferences` of a service's answer; `null` where it states none. */
function readReferences(value: unknown): DataReference[] | null {
  if (!Array.isArray(value)) return null;
  return value.slice(0, maxReferences).map((reference: unknown) => {
    const source = field(reference, 'source');
    const key = [textField(source, 'pk'), textField(source, 'sk')].filter((part) => part !== null);
    return {
      metric: textField(reference, 'metric') ?? 'figure',
      period: textField(reference, 'period'),
      value: numberField(reference, 'value'),
      unit: textField(reference, 'unit'),
      table: textField(source, 'table'),
      key: key.length > 0 ? key.join(' / ') : null,
    };
  });
}

/** A member of an object of unknown shape; `undefined` where there is none. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** A member that is text with something in it, or `null`. */
export function textField(value: unknown, name: string): string | null {
  const text = field(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}

/** A member that is a finite number, or `null`. */
function numberField(value: unknown, name: string): number | null {
  const number = field(value, name);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
