export type SessionHistory = ReturnType<typeof createSessionHistory>;

/** Remembers the period that each session asked about last, and forgets the session that was used longest ago first. */
export function createSessionHistory(maxSessions: number) {
  const periods = new Map<string, string | null>();
  // Two tenants may use the same session id. A tenant id holds no slash, so the key is unambiguous.
  const sessionKey = (tenantId: string, sessionId: string): string => `${tenantId}/${sessionId}`;

  return {
    lastPeriod: (tenantId: string, sessionId: string): string | null =>
      periods.get(sessionKey(tenantId, sessionId)) ?? null,
    remember(tenantId: string, sessionId: string, period: string | null): void {
      const key = sessionKey(tenantId, sessionId);
      // A Map keeps the order of insertion: the session used last goes to its end.
      periods.delete(key);
      periods.set(key, period);
      const oldest = periods.keys().next();
      if (periods.size > maxSessions && !oldest.done) periods.delete(oldest.value);
    },
  };
}
