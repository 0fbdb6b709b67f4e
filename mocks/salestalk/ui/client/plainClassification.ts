import { formatPeriod } from './formatPeriod.ts';
import { plainName } from './plainName.ts';
import type { Classification } from './types.ts';

const intents: Record<string, string> = {
  what: 'A figure',
  why: 'A reason',
  compare: 'A comparison',
  trend: 'A trend',
  forecast: 'A forecast',
  rank: 'A ranking',
  breakdown: 'A breakdown',
  target: 'Progress to a target',
  correlation: 'A connection',
  anomaly: 'Something unusual',
};

/** How SalesTalk understood a question, as pairs of label and plain words. What it did not state is left out. */
export function plainClassification(
  classification: Classification,
): [label: string, words: string][] {
  const { intent, subject, measure, period, confidence } = classification;
  const pairs: [string, string | null][] = [
    ['You want', intent === null ? null : (intents[intent] ?? plainName(intent))],
    ['About', subject === null ? null : plainName(subject)],
    ['Measure', measure === null ? null : plainName(measure)],
    ['Period', period === null ? 'Not stated' : formatPeriod(period)],
    ['Confidence', confidence === null ? null : confidenceWords(confidence)],
  ];
  return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

/** SalesTalk may refuse a question under 0.7. */
function confidenceWords(confidence: number): string {
  const degree = confidence >= 0.85 ? 'High' : confidence >= 0.7 ? 'Fair' : 'Low';
  return `${degree} (${Math.round(confidence * 100)}%)`;
}
