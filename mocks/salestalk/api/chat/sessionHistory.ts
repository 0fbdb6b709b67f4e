/** What is remembered of one question and its answer. */
export type Turn = { question: string; period: string | null };

/** What was said before, by tenant and session. Two tenants with the same session id share nothing. */
export type SessionHistory = {
  turns(tenantId: string, sessionId: string): readonly Turn[];
  remember(tenantId: string, sessionId: string, turn: Turn): void;
};

/** Holds the latest turns of the sessions used last; those used longest ago are forgotten first. */
export function sessionHistory(limits: { sessions: number; turns: number }): SessionHistory {
  const sessions = new Map<string, Turn[]>();
  // A tenant id holds no slash, so that the key is unambiguous whatever the session id is.
  const keyOf = (tenantId: string, sessionId: string): string => `${tenantId}/${sessionId}`;

  return {
    turns: (tenantId, sessionId) => sessions.get(keyOf(tenantId, sessionId)) ?? [],
    remember(tenantId, sessionId, turn) {
      const key = keyOf(tenantId, sessionId);
      const turns = [...(sessions.get(key) ?? []), turn].slice(-limits.turns);
      // A Map keeps the order of insertion: putting it in anew makes it the last to go.
      sessions.delete(key);
      sessions.set(key, turns);
      const oldest = sessions.keys().next();
      if (sessions.size > limits.sessions && !oldest.done) sessions.delete(oldest.value);
    },
  };
}
