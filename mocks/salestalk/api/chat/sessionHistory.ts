/** What was asked before, by tenant and session. Two tenants with the same session id share nothing. */
export type SessionHistory = {
  /** The period that the session asked about last. */
  lastPeriod(tenantId: string, sessionId: string): string | null;
  remember(tenantId: string, sessionId: string, period: string | null): void;
};

/** Holds so many sessions; those used longest ago are forgotten first. */
export function sessionHistory(maxSessions: number): SessionHistory {
  const periods = new Map<string, string | null>();
  // A tenant id holds no slash, so that the key is unambiguous whatever the session id is.
  const keyOf = (tenantId: string, sessionId: string): string => `${tenantId}/${sessionId}`;

  return {
    lastPeriod: (tenantId, sessionId) => periods.get(keyOf(tenantId, sessionId)) ?? null,
    remember(tenantId, sessionId, period) {
      const key = keyOf(tenantId, sessionId);
      // A Map keeps the order of insertion: putting it in anew makes it the last to go.
      periods.delete(key);
      periods.set(key, period);
      const oldest = periods.keys().next();
      if (periods.size > maxSessions && !oldest.done) periods.delete(oldest.value);
    },
  };
}
