/** Questions that every tenant of the seed data has figures for. */
export const QUESTIONS = [
  'What is Q3 revenue?',
  'What was revenue in Q4?',
  'What is our margin in Q3?',
  'How much revenue did we make in Q3 2025?',
] as const;

/** Tenants of SalesTalk's seed data. */
export const SEED_TENANTS = ['acme-corp-001', 'techstart-inc-002'] as const;

/** Where a measured request stands: in which workload (`scope`, 8 hex digits) and at which place of it. */
export type RequestPlace = { scope: string; index: number };

/** The question with its nonce, which travels in the prompt, so that a call of the model is matched to the request that caused it. */
export function withNonce(question: string, place: RequestPlace): string {
  return `${question} ${nonceOf(place)}`;
}

export function nonceOf({ scope, index }: RequestPlace): string {
  return `[ref:${scope}-${index}]`;
}

/** The nonces that a text holds, of whatever request. */
export function findNonces(text: string): string[] {
  return text.match(/\[ref:[0-9a-f]{8}-\d+\]/g) ?? [];
}

/** W3C Trace Context header that says the same, for calls whose prompt does not hold the question. */
export function traceparent({ scope, index }: RequestPlace): string {
  const place = index.toString(16).padStart(16, '0');
  // A parent id of zeros is invalid, and index 0 is a place like any other.
  const parent = (index + 1).toString(16).padStart(16, '0');
  return `00-${scope}00000000${place}-${parent}-01`;
}
