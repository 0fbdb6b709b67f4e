/** The tenants that sessions were given to, by which a session is known when it turns up at another tenant. */
export class KnownSessions {
  readonly #tenants = new Map<string, string>();

  /** Takes note of a session that a tenant was given as a new one. Gives back whose it is where that is another tenant, else null. */
  check(tenant: string, sessionId: string): string | null {
    const owner = this.#tenants.get(sessionId);
    if (owner === undefined) this.#tenants.set(sessionId, tenant);
    return owner === undefined || owner === tenant ? null : owner;
  }
}
