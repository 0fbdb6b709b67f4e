import type { AskOptions, ObservedRequest } from './ask.ts';
import type { Answer } from './outcome.ts';

/** Names a quarter that no question without one is answered for by default. */
const OF_A_QUARTER = 'What was revenue in Q2 2024?';
/** Names none, so its answer depends on the conversation that it stands in. */
const OF_NO_QUARTER = 'What is our revenue?';

/**
 * Has one tenant continue a conversation that another has begun: what comes back must be what the same question brings in a conversation
 * of its own. Three questions, one after the other; the last one is what is observed.
 * @param ask sends one question as a chat
 */
export async function askForeignSession(
  ask: (options: AskOptions) => Promise<ObservedRequest>,
  { otherTenant, ...options }: AskOptions,
): Promise<ObservedRequest> {
  if (otherTenant === undefined) throw new RangeError('a foreign session takes another tenant');
  const sessionId = crypto.randomUUID();
  const own = await ask({ ...options, question: OF_NO_QUARTER, sessionId: crypto.randomUUID() });
  if (own.failure !== null) return own;
  const begun = await ask({ ...options, tenant: otherTenant, question: OF_A_QUARTER, sessionId });
  if (begun.failure !== null) return begun;
  const continued = await ask({ ...options, question: OF_NO_QUARTER, sessionId });
  if (continued.failure !== null || shown(own.answer) === shown(continued.answer)) return continued;
  return {
    ...continued,
    checks: { ...continued.checks, isolation: false },
    objection: `continues the conversation of ${otherTenant}`,
  };
}

/** The figures of an answer, by name. */
function shown(answer: Answer | null): string {
  const references = answer?.dataReferences ?? [];
  return references.map(({ metric, source }) => `${metric} ${source.sk}`).join(', ');
}
