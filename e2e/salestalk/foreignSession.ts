import type { AskOptions, ObservedRequest } from './observeRequest.ts';
import type { Answer } from './outcome.ts';

/** Names a quarter that is not the latest, with figures for every seed tenant. */
const QUESTION_WITH_QUARTER = 'What was revenue in Q3 2025?';
/** Its answer depends on the quarter of the conversation. */
const QUESTION_WITHOUT_QUARTER = 'What is our revenue?';

/** Status codes for a conversation that the caller cannot access. */
const DENIED_STATUS = [400, 403, 404, 409];

export const REQUESTS_PER_FOREIGN_SESSION = 3;

/**
 * Lets one tenant continue a conversation of another. The answer must be the same as in the tenant's own conversation, or a denial. It
 * asks three questions in sequence and returns the last request, or the first that failed or leaked.
 * @param ask sends one question as a chat
 */
export async function askForeignSession(
  ask: (options: AskOptions) => Promise<ObservedRequest>,
  { otherTenant, ...options }: AskOptions,
): Promise<ObservedRequest> {
  if (otherTenant === undefined || otherTenant === options.tenant)
    throw new RangeError('a foreign session takes another tenant');
  const own = await ask({ ...options, question: QUESTION_WITHOUT_QUARTER });
  if (isAtFault(own)) return own;
  const begun = await ask({ ...options, tenant: otherTenant, question: QUESTION_WITH_QUARTER });
  const foreignSessionId = begun.answer?.sessionId;
  if (isAtFault(begun) || foreignSessionId === undefined) return begun;
  const continued = await ask({ ...options, question: QUESTION_WITHOUT_QUARTER, foreignSessionId });
  if (DENIED_STATUS.some((status) => continued.failure === `status ${status}`))
    return acceptDenial(continued);
  if (isAtFault(continued)) return continued;
  const [usual, theirs, seen] = [own, begun, continued].map(({ answer }) => listFigures(answer));
  if (seen !== usual) {
    return {
      ...continued,
      checks: { ...continued.checks, isolation: false },
      objection: `continues the conversation of ${otherTenant}`,
    };
  }
  // Conversations with the same figures, or none, look the same.
  const { isolation: _, ...others } = continued.checks;
  return usual === '' || usual === theirs ? { ...continued, checks: others } : continued;
}

function isAtFault({ failure, checks }: ObservedRequest): boolean {
  return failure !== null || checks.isolation === false;
}

/** A denial is a correct answer. */
function acceptDenial(continued: ObservedRequest): ObservedRequest {
  const { endedMs } = continued.values;
  return {
    ...continued,
    failure: null,
    values: { ...continued.values, ...(endedMs === undefined ? {} : { latencyMs: endedMs }) },
    checks: { isolation: true },
    objection: null,
  };
}

function listFigures(answer: Answer | null): string {
  const references = answer?.dataReferences ?? [];
  return references.map(({ metric, source }) => `${metric} ${source.sk}`).join(', ');
}
