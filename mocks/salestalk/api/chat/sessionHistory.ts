export type SessionHistory = ReturnType<typeof sessionHistory>;

/**
 * The period that each session asked about last. Two tenants with the same session id share nothing. Sessions used longest
 * ago are forgotten first.
 */
export function sessionHistory(maxSessions: number) {
  const periods = new Map<string, string | null>();
  // A tenant id holds no slash, so that the key is unambiguous whatever the session id is.
  const keyOf = (tenantId: string, sessionId: string): string => `${tenantId}/${sessionId}`;

  return {
    lastPeriod: (tenantId: string, sessionId: string): string | null =>
      periods.get(keyOf(tenantId, sessionId)) ?? null,
    remember(tenantId: string, sessionId: string, period: string | null): void {
      const key = keyOf(tenantId, sessionId);
      // A Map keeps the order of insertion: putting it in anew makes it the last to go.
      periods.delete(key);
      periods.set(key, period);
      const oldest = periods.keys().next();
      if (periods.size > maxSessions && !oldest.done) periods.delete(oldest.value);
    },
  };
}
