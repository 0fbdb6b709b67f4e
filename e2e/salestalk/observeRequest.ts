import { parseJson } from '../core/readJson.ts';
import type { AnsweredIds, RequestLine } from '../core/record/measurementLine.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { checkAnswer } from './answerChecks.ts';
import type { Asked, Known } from './checkOwnership.ts';
import { errorAnswer, REQUEST_ID_HEADER, readLastLine } from './contract.ts';
import { describeExcerpt, redactToken } from './excerpt.ts';
import type { SentOperation } from './operations.ts';
import {
  type Answer,
  chatOutcome,
  classifyOutcome,
  narrativeOutcome,
  type Outcome,
} from './outcome.ts';
import type { RequestPlace } from './questions.ts';

export type AskOptions = {
  tenant: string;
  question: string;
  place: RequestPlace;
  /** Continues this conversation of another tenant; without it, a new one begins. */
  foreignSessionId?: string;
  /** The caller disconnects if the answer is not complete by then. */
  patienceMs?: number;
  /** The second tenant of `foreignSession`. */
  otherTenant?: string;
};

/** A measured request without the parts that only the workload knows. */
export type ObservedRequest = Pick<
  RequestLine,
  | 'sentAtMs'
  | 'connectionReused'
  | 'status'
  | 'failure'
  | 'requestId'
  | 'answeredIds'
  | 'values'
  | 'checks'
  | 'objection'
> & { answer: Answer | null; heldMs: number };

type SingleOperation = Exclude<SentOperation, 'foreignSession'>;

/** How to send each operation and read its answer. */
export const OPERATIONS: Record<
  SingleOperation,
  {
    path: string;
    field: 'question' | 'message';
    accept: 'application/json' | 'application/x-ndjson';
    outcome: (exchange: TimedExchange) => Outcome;
  }
> = {
  classify: {
    path: '/classify',
    field: 'question',
    accept: 'application/json',
    outcome: classifyOutcome,
  },
  chat: { path: '/chat', field: 'message', accept: 'application/json', outcome: chatOutcome },
  narrative: {
    path: '/chat',
    field: 'message',
    accept: 'application/x-ndjson',
    outcome: narrativeOutcome,
  },
};

/** Turns an exchange into the form of the record, without secrets of the caller. */
export function observeRequest(
  operation: SingleOperation,
  exchange: TimedExchange,
  asked: Asked,
  known: Known,
): ObservedRequest {
  const { sentAtMs, heldMs, connectionReused, status, endedMs } = exchange;
  const outcome = OPERATIONS[operation].outcome(exchange);
  const { failure, values, answer } = outcome;
  const left = exchange.failure === 'timeout' ? { leftMs: endedMs } : {};
  const { checks, objection } = checkAnswer(exchange, asked, outcome, known);
  const otherIds = findOtherIds(exchange, asked, answer);
  const redact = (text: string | null) => (text === null ? null : redactToken(text, asked.token));
  const isAnswered = objection !== null && status !== null;
  return {
    sentAtMs,
    heldMs,
    connectionReused,
    status,
    requestId: asked.requestId,
    ...(otherIds === undefined ? {} : { answeredIds: otherIds }),
    failure: redact(failure),
    values: { ...values, endedMs, ...left },
    checks,
    objection: isAnswered
      ? `${redact(objection)}; ${describeExcerpt(exchange, asked)}`
      : redact(objection),
    answer,
  };
}

const MAX_ID_LENGTH = 80;

/**
 * Returns the request ids of an answer if one differs from the sent id, or if the header has none. Undefined if both are the sent id, or
 * if SalesTalk did not answer. Gateways often replace ids, so another id does not mean another tenant.
 */
export function findOtherIds(
  { status, headers, body }: Pick<TimedExchange, 'status' | 'headers' | 'body'>,
  { requestId, token }: Pick<Asked, 'requestId' | 'token'>,
  answer: Answer | null,
): AnsweredIds | undefined {
  if (status === null) return undefined;
  const inBody = answer?.requestIds ?? readErrorIds(body);
  const header = headers[REQUEST_ID_HEADER] ?? null;
  // Not SalesTalk's answer, for example a proxy's page.
  if (header === null && inBody.length === 0) return undefined;
  const other = inBody.find((id) => id !== requestId);
  // A repeated header is joined with commas.
  const isInHeader = header?.split(',').some((id) => id.trim() === requestId) === true;
  if (isInHeader && other === undefined) return undefined;
  const shown = (id: string | null) =>
    id === null ? null : redactToken(id, token).slice(0, MAX_ID_LENGTH);
  return { header: shown(header), body: shown(other ?? inBody[0] ?? null) };
}

/** A stream reports a failure in its last line. */
function readErrorIds(body: string): string[] {
  for (const text of [body, readLastLine(body)]) {
    const failure = errorAnswer.pick({ requestId: true }).safeParse(parseJson(text));
    if (failure.success) return [failure.data.requestId];
  }
  return [];
}
