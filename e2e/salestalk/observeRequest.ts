import { parseJson } from '../core/parseJson.ts';
import type { AnsweredIds } from '../core/record/answeredIds.ts';
import type { RequestLine } from '../core/record/recordLine.ts';
import type { TimedExchange } from '../probes/httpClient.ts';
import { checkAnswer } from './checks/checkAnswer.ts';
import type { Asked, Known } from './checks/checkTenant.ts';
import { errorAnswer } from './contract.ts';
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

/** One question, and whose. */
export type AskOptions = {
  tenant: string;
  question: string;
  place: RequestPlace;
  /** A conversation of another tenant that is to go on; left out: a new one begins. */
  foreignSessionId?: string;
  /** The caller goes away after this long without a whole answer. */
  patienceMs?: number;
  /** Another tenant, for what takes two. */
  otherTenant?: string;
};

/** What a measured request observed, less what only the workload knows of it. */
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

type AskedByItself = Exclude<SentOperation, 'foreignSession'>;

/** How each operation is asked for, and its answer read. */
export const OPERATIONS: Record<
  AskedByItself,
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

/** What came of an exchange, as it is recorded: without anything that only its caller may know. */
export function observe(
  operation: AskedByItself,
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
  const showable = (text: string | null) => (text === null ? null : redactToken(text, asked.token));
  const isAnswered = objection !== null && status !== null;
  return {
    sentAtMs,
    heldMs,
    connectionReused,
    status,
    requestId: asked.requestId,
    ...(otherIds === undefined ? {} : { answeredIds: otherIds }),
    failure: showable(failure),
    values: { ...values, endedMs, ...left },
    checks,
    objection: isAnswered
      ? `${showable(objection)}; ${describeExcerpt(exchange, asked)}`
      : showable(objection),
    answer,
  };
}

const HEADER = 'x-request-id';
const LONGEST_ID = 80;

/**
 * What an answer calls its request, where its header or its body names another id than was sent, or its header none; undefined where both carry
 * what was sent, and where nothing of SalesTalk's was answered. A gateway that gives out ids of its own is common, so that another id says
 * nothing of whose the answer is.
 */
export function findOtherIds(
  { status, headers, body }: Pick<TimedExchange, 'status' | 'headers' | 'body'>,
  { requestId, token }: Pick<Asked, 'requestId' | 'token'>,
  answer: Answer | null,
): AnsweredIds | undefined {
  if (status === null) return undefined;
  const inBody = answer?.requestIds ?? idsOfFailure(body);
  const header = headers[HEADER] ?? null;
  // What answered has neither: a page of a proxy, say.
  if (header === null && inBody.length === 0) return undefined;
  const other = inBody.find((id) => id !== requestId);
  // A header that came twice is one, its values separated by commas.
  const isInHeader = header?.split(',').some((id) => id.trim() === requestId) === true;
  if (isInHeader && other === undefined) return undefined;
  const shown = (id: string | null) =>
    id === null ? null : redactToken(id, token).slice(0, LONGEST_ID);
  return { header: shown(header), body: shown(other ?? inBody[0] ?? null) };
}

/** A stream tells of a failure in its last line. */
function idsOfFailure(body: string): string[] {
  const last = body.trimEnd().split('\n').at(-1) ?? '';
  for (const text of [body, last]) {
    const failure = errorAnswer.pick({ requestId: true }).safeParse(parseJson(text));
    if (failure.success) return [failure.data.requestId];
  }
  return [];
}
