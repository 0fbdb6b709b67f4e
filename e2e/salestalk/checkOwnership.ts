import type { Answer } from './outcome.ts';
import { findNonces, formatNonce, type RequestPlace } from './questions.ts';

/** The request, to check that the answer belongs to it. */
export type Asked = {
  tenant: string;
  requestId: string;
  /** Its nonce is part of the question. */
  place: RequestPlace;
  /** The other tenant's session that the request named; SalesTalk may open a new one of that name. */
  foreignSessionId?: string | undefined;
  /** No answer may repeat it. */
  token: string;
  streamed: boolean;
};

/** What tenants have seen so far. */
export type Known = { figures: KnownFigures; sessions: KnownSessions };

/**
 * Returns what in an answer belongs to another tenant, request or session, or null. It ignores the request id, which gateways replace
 * (`findOtherIds`).
 */
export function checkOwnership(
  answer: Answer,
  body: string,
  asked: Asked,
  known: Known,
): string | null {
  const { tenantId, sessionId, dataReferences = [] } = answer;
  if (findNonces(body).some((nonce) => nonce !== formatNonce(asked.place))) {
    return 'answer to another request';
  }
  if (tenantId !== undefined && tenantId !== asked.tenant) return `answer of ${showName(tenantId)}`;
  if (sessionId !== undefined && sessionId !== asked.foreignSessionId) {
    const owner = known.sessions.check(asked.tenant, sessionId);
    if (owner !== null) return `session of ${owner}`;
  }
  // Searches all events of a stream and the model's text, not only the references.
  const tables = [...dataReferences.map(({ source }) => source.table), ...findTables(body)];
  const foreign = tables.find((one) => one !== tenantTable(asked.tenant));
  if (foreign !== undefined) return `figures from ${showName(foreign)}`;
  return known.figures.check(asked.tenant, dataReferences);
}

/** Shows only what looks like a name: an answer may hold anything in its place. */
function showName(text: string): string {
  return /^[a-z0-9-]{1,80}$/.test(text) ? text : 'another tenant';
}

export function tenantTable(tenant: string): string {
  return `tenant-${tenant}-metrics`;
}

export function findTables(text: string): string[] {
  const found = text.matchAll(/\btenant-[a-z0-9-]{1,64}?-metrics\b/g);
  return [...new Set([...found].map(([table]) => table))];
}

/** Limits memory in long loads. Only sessions in use can leak. */
const MAX_SESSIONS = 100_000;

/** The tenants of the latest sessions, to recognise a session that another tenant gets. */
export class KnownSessions {
  readonly #tenants = new Map<string, string>();

  /** Records a new session of a tenant. Returns the other tenant that owns it, or null. */
  check(tenant: string, sessionId: string): string | null {
    const owner = this.#tenants.get(sessionId);
    if (owner !== undefined) return owner === tenant ? null : owner;
    this.#tenants.set(sessionId, tenant);
    const [oldest] = this.#tenants.keys();
    if (this.#tenants.size > MAX_SESSIONS && oldest !== undefined) this.#tenants.delete(oldest);
    return null;
  }
}

type Reference = NonNullable<Answer['dataReferences']>[number];

/** The figures that each tenant has seen, to recognise a figure of another tenant. */
export class KnownFigures {
  /** By metric and period, then by tenant: the value taken as the tenant's own. */
  readonly #seen = new Map<string, Map<string, number>>();

  /**
   * Records the figures of an answer. Returns a figure known as another tenant's, or null: a value that differs from what this tenant
   * saw before, if another tenant has seen one of the two.
   */
  check(tenant: string, references: readonly Reference[]): string | null {
    const foreign = references.map((reference) => this.#checkOne(tenant, reference));
    return foreign.find((one) => one !== null) ?? null;
  }

  #checkOne(tenant: string, { metric, source, value }: Reference): string | null {
    const name = `${metric} ${source.sk}`;
    const byTenant = this.#seen.get(name) ?? new Map<string, number>();
    this.#seen.set(name, byTenant);
    const before = byTenant.get(tenant);
    if (before === undefined) byTenant.set(tenant, value);
    if (before === undefined || before === value) return null;
    const findOwner = (figure: number): string | undefined =>
      [...byTenant].find(([other, known]) => other !== tenant && known === figure)?.[0];
    const owner = findOwner(value);
    if (owner !== undefined) return `${name} of ${owner}`;
    // The first value was foreign, and this one is the tenant's own.
    const ownerBefore = findOwner(before);
    if (ownerBefore === undefined) return null;
    byTenant.set(tenant, value);
    return `${name} of ${ownerBefore}, earlier`;
  }
}
