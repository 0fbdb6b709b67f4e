/** A classification as a good model writes it; `change` overrides its fields. */
export function classificationText(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    intent: 'what',
    subject: 'revenue',
    measure: 'revenue',
    dimension: {},
    time: { period: 'Q3', granularity: 'quarter' },
    confidence: {
      overall: 0.85,
      components: { intent: 0.9, subject: 0.85, measure: 0.85, time: 0.8 },
    },
    ...change,
  });
}

export const narrativeChunks = ['Revenue in Q3 ', 'was $2.5M', '.'];
