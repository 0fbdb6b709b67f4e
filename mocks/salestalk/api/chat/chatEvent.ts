import type { Classification } from '../classify/classificationSchema.ts';
import type { DataReference } from '../data/dataReference.ts';
import type { ErrorBody } from '../http/apiError.ts';
import type { ChatAnswer } from './chatAnswer.ts';

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

export type ChatEventName = keyof ChatEventFields;

/**
 * One line of the stream that `POST /chat` answers with under `Accept: application/x-ndjson`,
 * for example `{"type":"narrative_chunk","requestId":"…","text":"Revenue in "}`.
 * `complete` carries the fields of the JSON answer, `error` those of an error body; either is the last line.
 * The texts of all `narrative_chunk` events joined are the `response` of `complete`.
 */
export type ChatEvent = {
  [Name in ChatEventName]: { type: Name; requestId: string } & ChatEventFields[Name];
}[ChatEventName];
