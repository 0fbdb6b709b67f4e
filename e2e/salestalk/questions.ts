/** Questions that every tenant of the seed data has figures for. */
export const QUESTIONS = [
  'What is Q3 revenue?',
  'What was revenue in Q4?',
  'What is our margin in Q3?',
  'How much revenue did we make in Q3 2025?',
] as const;

/** Tenants of SalesTalk's seed data. */
export const SEED_TENANTS = ['acme-corp-001', 'techstart-inc-002'] as const;
