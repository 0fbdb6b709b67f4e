import type { AiProviderName } from '../ai/aiProvider.ts';
import type { Classification } from '../classify/classification.ts';
import type { DataReference } from '../data/retrieveFigures.ts';
import type { ErrorBody } from '../http/failures.ts';

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
    provider: AiProviderName;
    /** Overall confidence of the classification, 0 to 1. */
    confidence: number;
    /** True when the confidence was too low to answer. Absent otherwise. */
    refused?: true;
  };
};

/** What each event says besides its name and `requestId`. */
type ChatEventFields = {
  classification_start: object;
  classification_complete: { classification: Classification };
  data_retrieval_start: object;
  data_retrieval_complete: { dataReferences: DataReference[] };
  narrative_start: object;
  narrative_chunk: { text: string };
  complete: ChatAnswer;
  error: ErrorBody;
};

type ChatEventName = keyof ChatEventFields;

/**
 * One line of the stream that `POST /chat` answers with under `Accept: application/x-ndjson`,
 * for example `{"type":"narrative_chunk","requestId":"…","text":"Revenue in "}`.
 * `complete` carries the fields of the JSON answer, `error` those of an error body; either is the last line.
 * The texts of all `narrative_chunk` events joined are the `response` of `complete`.
 */
export type ChatEvent = {
  [Name in ChatEventName]: { type: Name; requestId: string } & ChatEventFields[Name];
}[ChatEventName];
