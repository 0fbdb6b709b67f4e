import { codeFailure, type FailureKind } from './failure.ts';

// `null` stands for a value that the service did not state.

export type Classification = {
  intent: string | null;
  subject: string | null;
  measure: string | null;
  period: string | null;
  /** In [0, 1]. */
  confidence: number | null;
};

export type DataReference = {
  metric: string;
  period: string | null;
  value: number | null;
  /** ISO 4217 code, `ratio`, `count` or words of the service's own. */
  unit: string | null;
  table: string | null;
  key: string | null;
};

/** What may happen to an answer, whether the service streams it or sends it at once. */
export type ChatEvent =
  | { type: 'classificationStart' | 'dataStart' | 'narrativeStart' }
  | { type: 'classificationComplete'; classification: Classification | null }
  | { type: 'dataComplete'; references: readonly DataReference[] }
  | { type: 'narrativeChunk'; text: string }
  | {
      type: 'complete';
      narrative: string | null;
      classification: Classification | null;
      references: readonly DataReference[] | null;
      sessionId: string | null;
      refused: boolean;
    }
  | { type: 'failed'; kind: FailureKind; detail: string | null };

/** Further figures are left out, so that no answer fills the page. */
const MAX_REFERENCES = 50;

/**
 * The event in one line of the stream; `null` for an unknown type, so that the service may add some.
 * @throws SyntaxError if the line is not JSON
 */
export function readEvent(line: string): ChatEvent | null {
  const event: unknown = JSON.parse(line);
  switch (readField(event, 'type')) {
    case 'classification_start':
      return { type: 'classificationStart' };
    case 'classification_complete':
      return { type: 'classificationComplete', classification: readClassification(event) };
    case 'data_retrieval_start':
      return { type: 'dataStart' };
    case 'data_retrieval_complete':
      return { type: 'dataComplete', references: readReferences(event) ?? [] };
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
    classification: readClassification(body),
    references: readReferences(body),
    sessionId: readText(body, 'sessionId'),
    refused: readField(readField(body, 'metadata'), 'refused') === true,
  };
}

function readClassification(body: unknown): Classification | null {
  const value = readField(body, 'classification');
  if (typeof value !== 'object' || value === null) return null;
  return {
    intent: readText(value, 'intent'),
    subject: readText(value, 'subject'),
    measure: readText(value, 'measure'),
    period: readText(readField(value, 'time'), 'period'),
    confidence: readNumber(readField(value, 'confidence'), 'overall'),
  };
}

function readReferences(body: unknown): DataReference[] | null {
  const value = readField(body, 'dataReferences');
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

/** A member that is a text and not empty, or `null`. */
export function readText(value: unknown, name: string): string | null {
  const text = readField(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}

/** A member that is a finite number, or `null`. */
function readNumber(value: unknown, name: string): number | null {
  const number = readField(value, name);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
