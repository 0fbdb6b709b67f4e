/** How patient SalesTalk is with its model. What is null or false is switched off. */
export type AiPolicy = {
  /** Longest wait for an answer, for the first chunk of a stream, and from each chunk to the next. */
  attemptTimeoutMs: number | null;
  retries: {
    /** Most attempts at one model call, the first included. */
    attempts: number;
    /** The same where the provider throttles. */
    throttledAttempts: number;
  } | null;
  honoursRetryAfter: boolean;
  /** Most time that one request's model calls may take together, attempts and the waits between them. */
  totalMs: number;
};

/** SalesTalk with its three admitted gaps closed. The total stays under the 30 s after which a gateway gives up. */
export const plannedPolicy: AiPolicy = {
  attemptTimeoutMs: 8_000,
  retries: { attempts: 5, throttledAttempts: 10 },
  honoursRetryAfter: true,
  totalMs: 25_000,
};

/** SalesTalk as it is deployed today: one attempt, as long as the HTTP client waits. */
export const todayPolicy: AiPolicy = {
  attemptTimeoutMs: null,
  retries: null,
  honoursRetryAfter: false,
  totalMs: 25_000,
};
