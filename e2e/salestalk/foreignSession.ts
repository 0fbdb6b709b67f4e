import type { AskOptions, ObservedRequest } from './observeRequest.ts';
import type { Answer } from './outcome.ts';

/** Names a quarter that every tenant of the seed data has figures for, and that is not the latest. */
const OF_A_QUARTER = 'What was revenue in Q3 2025?';
/** Names none, so its answer depends on the conversation that it stands in. */
const OF_NO_QUARTER = 'What is our revenue?';

/** Ways to say that a conversation is not there for whoever asks, or that its name is taken. */
const TURNED_AWAY = [400, 403, 404, 409];

/** What it costs. */
export const REQUESTS_PER_FOREIGN_SESSION = 3;

/**
 * Has one tenant continue a conversation that another has begun: what comes back must be what the same question brings in a conversation
 * of its own, or that there is no such conversation. Three questions, one after the other; the last one is what is observed, but for one
 * before it that failed or was not theirs.
 * @param ask sends one question as a chat
 */
export async function askForeignSession(
  ask: (options: AskOptions) => Promise<ObservedRequest>,
  { otherTenant, ...options }: AskOptions,
): Promise<ObservedRequest> {
  if (otherTenant === undefined || otherTenant === options.tenant)
    throw new RangeError('a foreign session takes another tenant');
  const own = await ask({ ...options, question: OF_NO_QUARTER });
  if (isAtFault(own)) return own;
  const begun = await ask({ ...options, tenant: otherTenant, question: OF_A_QUARTER });
  const foreignSessionId = begun.answer?.sessionId;
  if (isAtFault(begun) || foreignSessionId === undefined) return begun;
  const continued = await ask({ ...options, question: OF_NO_QUARTER, foreignSessionId });
  if (TURNED_AWAY.some((status) => continued.failure === `status ${status}`))
    return turnedAway(continued);
  if (isAtFault(continued)) return continued;
  const [usual, theirs, seen] = [own, begun, continued].map(({ answer }) => shown(answer));
  if (seen !== usual) {
    return {
      ...continued,
      checks: { ...continued.checks, isolation: false },
      objection: `continues the conversation of ${otherTenant}`,
    };
  }
  // Where both conversations show the same, or nothing, there is nothing to tell them apart by.
  const { isolation: _, ...others } = continued.checks;
  return usual === '' || usual === theirs ? { ...continued, checks: others } : continued;
}

function isAtFault({ failure, checks }: ObservedRequest): boolean {
  return failure !== null || checks.isolation === false;
}

/** An answer like any other: it says what it should. */
function turnedAway(continued: ObservedRequest): ObservedRequest {
  const { endedMs } = continued.values;
  return {
    ...continued,
    failure: null,
    values: { ...continued.values, ...(endedMs === undefined ? {} : { latencyMs: endedMs }) },
    checks: { isolation: true },
    objection: null,
  };
}

/** The figures of an answer, by name. */
function shown(answer: Answer | null): string {
  const references = answer?.dataReferences ?? [];
  return references.map(({ metric, source }) => `${metric} ${source.sk}`).join(', ');
}
