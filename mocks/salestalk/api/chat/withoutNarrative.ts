import type { Classification } from '../classify/classificationSchema.ts';
import { metricOf } from '../data/metricOf.ts';

/** Classifications less certain than this are not answered. */
export const leastConfidence = 0.7;

/** Why a question was refused, in words for the user. */
export function refusal(classification: Classification): string {
  const percent = Math.round(classification.confidence.overall * 100);
  return `I am only ${percent}% sure what you are asking, which is too little to answer. Please name a figure and a period, for example "What is Q3 revenue?".`;
}

/** What to say where the tenant has no figures for a question: no model is asked, since it could only make some up. */
export function noFigures(classification: Classification, period: string | null): string {
  const metric = metricOf(classification.measure).replaceAll('_', ' ');
  return `I have no figures on ${metric}${period === null ? '' : ` for ${period}`}, so I cannot answer that.`;
}
