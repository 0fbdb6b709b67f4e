import { formatPath } from '../../core/budget/describeIssue.ts';
import type { RequestLine } from '../../core/record/recordLine.ts';
import type { TimedExchange } from '../../probes/timedClient.ts';
import type { Outcome } from '../outcome.ts';
import type { KnownFigures } from './knownFigures.ts';
import { objectionToFailure, objectionToSecrecy } from './objectionToFailure.ts';
import { type Asked, objectionToOwner } from './objectionToOwner.ts';
import { soundClassification } from './vocabulary.ts';

export type Checked = Pick<RequestLine, 'checks' | 'objection'>;

/** What the model says when it is made to fail, so that it is known where it turns up. */
export const CANARY = 'kingfisher-nest-7';

/**
 * Checks what SalesTalk promises of each answer: that it belongs to whoever asked (`isolation`), and is sound; or, where it reports a
 * failure, that it does so in the form of the `contract` and keeps what is secret (`secrecy`). Either way it is not nonsense (`soundness`).
 */
export function checkAnswer(
  exchange: TimedExchange,
  asked: Asked,
  { failure, answer }: Outcome,
  figures: KnownFigures,
): Checked {
  if (failure === null && answer !== null) {
    const foreign = objectionToOwner(answer, asked, figures);
    const unsound = objectionToSense(answer);
    return {
      checks: { isolation: foreign === null, soundness: foreign === null && unsound === null },
      objection: foreign ?? unsound,
    };
  }
  if (exchange.status === null) return { checks: { soundness: false }, objection: failure };
  // A whole answer that is none of the contract's reports no failure; it should have.
  if (exchange.status === 200 && exchange.failure === null && !isStream(exchange)) {
    return { checks: { soundness: false }, objection: failure };
  }
  const formless = objectionToFailure(exchange, asked.requestId);
  const leak = objectionToSecrecy(exchange, CANARY);
  return {
    checks: { contract: formless === null, secrecy: leak === null, soundness: formless === null },
    objection: formless ?? leak,
  };
}

function isStream({ headers }: TimedExchange): boolean {
  return (headers['content-type'] ?? '').startsWith('application/x-ndjson');
}

function objectionToSense({ classification }: NonNullable<Outcome['answer']>): string | null {
  const result = soundClassification.safeParse(classification);
  if (result.success) return null;
  return `classification → ${formatPath(result.error.issues[0]?.path ?? [])} makes no sense`;
}
