import { formatPath } from '../../core/describeIssue.ts';
import type { RequestLine } from '../../core/record/measurementLine.ts';
import type { TimedExchange } from '../../probes/httpClient.ts';
import { soundClassification } from '../contract.ts';
import type { Answer, Outcome } from '../outcome.ts';
import { checkErrorBody, checkLeaks } from './checkErrorAnswer.ts';
import { type Asked, checkTenant, type Known } from './checkTenant.ts';

export type Checked = Pick<RequestLine, 'checks' | 'objection'>;

/**
 * Checks an answer: it must belong to the caller (`isolation`) and make sense (`soundness`). A failure must have the form of the
 * `contract` and leak nothing (`secrecy`). Checks that cannot be decided are left out: the owner of an answer without figures, and the
 * answer to a caller who disconnected.
 */
export function checkAnswer(
  exchange: TimedExchange,
  asked: Asked,
  { failure, answer }: Outcome,
  known: Known,
): Checked {
  if (failure === null && answer !== null) {
    const foreign = checkTenant(answer, exchange.body, asked, known);
    const unsound = checkClassification(answer);
    const isolation =
      foreign !== null || namesTenant(answer) ? { isolation: foreign === null } : {};
    return {
      checks: { ...isolation, soundness: foreign === null && unsound === null },
      objection: foreign ?? unsound,
    };
  }
  if (exchange.failure === 'timeout') return { checks: { soundness: false }, objection: failure };
  // A connection that breaks off before an answer reports nothing to its caller.
  if (exchange.status === null) {
    return { checks: { soundness: false, contract: false }, objection: failure };
  }
  const formless = checkErrorBody(exchange, asked);
  const leak = checkLeaks(exchange, asked);
  return {
    checks: { contract: formless === null, secrecy: leak === null, soundness: formless === null },
    objection: [formless, leak].filter((one) => one !== null).join('; ') || null,
  };
}

/** A classification names its tenant; a chat does so by its figures. */
function namesTenant({ tenantId, dataReferences = [] }: Answer): boolean {
  return tenantId !== undefined || dataReferences.length > 0;
}

function checkClassification({ classification }: Answer): string | null {
  const result = soundClassification.safeParse(classification);
  if (result.success) return null;
  return `classification → ${formatPath(result.error.issues[0]?.path ?? [])} makes no sense`;
}
