import { nonceOf, noncesIn, type RequestPlace } from '../nonce.ts';
import type { Answer } from '../outcome.ts';
import type { KnownFigures } from './knownFigures.ts';
import type { KnownSessions } from './knownSessions.ts';
import { tablesIn } from './tablesIn.ts';

/** What was asked, to check that the answer belongs to it. */
export type Asked = {
  tenant: string;
  requestId: string;
  /** Where it stands; its nonce travels in the question. */
  place: RequestPlace;
  /** The session of another tenant that was named, and may be taken for a new one of that name; left out: none. */
  foreignSessionId?: string;
  /** The caller's credential, which no answer may repeat. */
  token: string;
  /** The answer was asked for as a stream. */
  streamed: boolean;
};

/** What tenants have been shown so far. */
export type Known = { figures: KnownFigures; sessions: KnownSessions };

/**
 * What about an answer belongs to another tenant, request or session than asked for it; null where it is theirs. Its request id says nothing of
 * that: gateways replace it (`findOtherIds`).
 */
export function objectionToOwner(
  answer: Answer,
  body: string,
  asked: Asked,
  known: Known,
): string | null {
  const { tenantId, sessionId, dataReferences = [] } = answer;
  if (noncesIn(body).some((nonce) => nonce !== nonceOf(asked.place))) {
    return 'answer to another request';
  }
  if (tenantId !== undefined && tenantId !== asked.tenant) return `answer of ${named(tenantId)}`;
  if (sessionId !== undefined && sessionId !== asked.foreignSessionId) {
    const owner = known.sessions.check(asked.tenant, sessionId);
    if (owner !== null) return `session of ${owner}`;
  }
  const table = `tenant-${asked.tenant}-metrics`;
  // In any event of a stream, and in what the model wrote, not in the references alone.
  const tables = [...dataReferences.map(({ source }) => source.table), ...tablesIn(body)];
  const foreign = tables.find((one) => one !== table);
  if (foreign !== undefined) return `figures from ${named(foreign)}`;
  return known.figures.check(asked.tenant, dataReferences);
}

/** Names are shown, and nothing else that an answer may hold in their place. */
function named(text: string): string {
  return /^[a-z0-9-]{1,80}$/.test(text) ? text : 'somebody else';
}
