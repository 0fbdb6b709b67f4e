/** However long a load lasts: a service that gives one tenant another's session gives it one of those in use. */
const MOST_KNOWN = 100_000;

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
    if (this.#tenants.size > MOST_KNOWN && oldest !== undefined) this.#tenants.delete(oldest);
  }
}
