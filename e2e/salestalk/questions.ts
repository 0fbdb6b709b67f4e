/** Questions that every tenant of the seed data has figures for. */
export const QUESTIONS = [
  'What is Q3 revenue?',
  'What was revenue in Q4?',
  'What is our margin in Q3?',
  'How much revenue did we make in Q3 2025?',
] as const;

export const SEED_TENANTS = ['acme-corp-001', 'techstart-inc-002'] as const;

/** The workload of a measured request (`scope`, 8 hex digits) and its index there. */
export type RequestPlace = { scope: string; index: number };

/** Adds the nonce that matches calls of the model, whose prompt holds it, to their request. */
export function withNonce(question: string, place: RequestPlace): string {
  return `${question} ${formatNonce(place)}`;
}

export function formatNonce({ scope, index }: RequestPlace): string {
  return `[ref:${scope}-${index}]`;
}

export function findNonces(text: string): string[] {
  return text.match(/\[ref:[0-9a-f]{8}-\d+\]/g) ?? [];
}

/** W3C Trace Context header with the same information, for calls whose prompt does not hold the question. */
export function traceparent({ scope, index }: RequestPlace): string {
  const place = index.toString(16).padStart(16, '0');
  // A parent id of zeros is invalid, so index 0 becomes 1.
  const parent = (index + 1).toString(16).padStart(16, '0');
  return `00-${scope}00000000${place}-${parent}-01`;
}
