import type { Answer } from '../outcome.ts';
import type { KnownFigures } from './knownFigures.ts';

/** What was asked, to check that the answer belongs to it. */
export type Asked = {
  tenant: string;
  requestId: string;
  /** The session that was named; left out: a new one. */
  sessionId?: string;
};

/** What about an answer belongs to another tenant, request or session than asked for it; null where it is theirs. */
export function objectionToOwner(
  answer: Answer,
  asked: Asked,
  figures: KnownFigures,
): string | null {
  const { requestIds, tenantId, sessionId, dataReferences = [] } = answer;
  if (requestIds.some((id) => id !== asked.requestId)) return 'answer to another request';
  if (tenantId !== undefined && tenantId !== asked.tenant) return `answer of tenant ${tenantId}`;
  if (asked.sessionId !== undefined && sessionId !== asked.sessionId) {
    return 'answer of another session';
  }
  const table = `tenant-${asked.tenant}-metrics`;
  const foreign = dataReferences.find(({ source }) => source.table !== table);
  if (foreign !== undefined) return `figures from ${foreign.source.table}`;
  return figures.check(asked.tenant, dataReferences);
}
