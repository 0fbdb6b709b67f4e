import type { RequestLine } from '../core/record/recordLine.ts';
import type { TimedExchange } from '../probes/timedClient.ts';
import { findOtherIds } from './checks/answeredIds.ts';
import { checkAnswer } from './checks/checkAnswer.ts';
import type { Asked, Known } from './checks/objectionToOwner.ts';
import { describeExcerpt } from './excerpt.ts';
import type { RequestPlace } from './nonce.ts';
import type { SentOperation } from './operations.ts';
import {
  type Answer,
  chatOutcome,
  classifyOutcome,
  narrativeOutcome,
  type Outcome,
} from './outcome.ts';
import { withoutToken } from './withoutToken.ts';

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
  const showable = (text: string | null) =>
    text === null ? null : withoutToken(text, asked.token);
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
