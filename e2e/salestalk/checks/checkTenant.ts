import type { Answer } from '../outcome.ts';
import { findNonces, nonceOf, type RequestPlace } from '../questions.ts';

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
export function checkTenant(
  answer: Answer,
  body: string,
  asked: Asked,
  known: Known,
): string | null {
  const { tenantId, sessionId, dataReferences = [] } = answer;
  if (findNonces(body).some((nonce) => nonce !== nonceOf(asked.place))) {
    return 'answer to another request';
  }
  if (tenantId !== undefined && tenantId !== asked.tenant) return `answer of ${named(tenantId)}`;
  if (sessionId !== undefined && sessionId !== asked.foreignSessionId) {
    const owner = known.sessions.check(asked.tenant, sessionId);
    if (owner !== null) return `session of ${owner}`;
  }
  const table = `tenant-${asked.tenant}-metrics`;
  // In any event of a stream, and in what the model wrote, not in the references alone.
  const tables = [...dataReferences.map(({ source }) => source.table), ...findTables(body)];
  const foreign = tables.find((one) => one !== table);
  if (foreign !== undefined) return `figures from ${named(foreign)}`;
  return known.figures.check(asked.tenant, dataReferences);
}

/** Names are shown, and nothing else that an answer may hold in their place. */
function named(text: string): string {
  return /^[a-z0-9-]{1,80}$/.test(text) ? text : 'somebody else';
}

/** The tables of tenants that a text names, wherever it does: `tenant-<id>-metrics`. */
export function findTables(text: string): string[] {
  const found = text.matchAll(/\btenant-[a-z0-9-]{1,64}?-metrics\b/g);
  return [...new Set([...found].map(([table]) => table))];
}

/** However long a load lasts: a service that gives one tenant another's session gives it one of those in use. */
const MAX_SESSIONS = 100_000;

/** The tenants that the latest sessions were given to, by which a session is known when it turns up at another tenant. */
export class KnownSessions {
  readonly #tenants = new Map<string, string>();

  /** Takes note of a session that a tenant was given as a new one. Gives back whose it is where that is another tenant, else null. */
  check(tenant: string, sessionId: string): string | null {
    const owner = this.#tenants.get(sessionId);
    if (owner === undefined) this.#remember(sessionId, tenant);
    return owner === undefined || owner === tenant ? null : owner;
  }

  #remember(sessionId: string, tenant: string): void {
    this.#tenants.set(sessionId, tenant);
    const [oldest] = this.#tenants.keys();
    if (this.#tenants.size > MAX_SESSIONS && oldest !== undefined) this.#tenants.delete(oldest);
  }
}

type Reference = NonNullable<Answer['dataReferences']>[number];

/** The figures that each tenant has been shown so far, by which a figure of another tenant is known when it turns up. */
export class KnownFigures {
  /** By metric and period, then by tenant: the value that is taken for theirs. */
  readonly #seen = new Map<string, Map<string, number>>();

  /**
   * Takes note of what a tenant was shown, and says what of it is known as another tenant's: a value that differs from the one that this
   * tenant was shown before, where one of the two is what another was shown. Null where nothing is.
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
    const ownerOf = (of: number): string | undefined =>
      [...byTenant].find(([other, known]) => other !== tenant && known === of)?.[0];
    const owner = ownerOf(value);
    if (owner !== undefined) return `${name} of ${owner}`;
    // Then the first one was foreign, and this is theirs.
    const ownerBefore = ownerOf(before);
    if (ownerBefore === undefined) return null;
    byTenant.set(tenant, value);
    return `${name} of ${ownerBefore}, earlier`;
  }
}
