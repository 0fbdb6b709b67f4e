import { INTENTS, MEASURES } from '../answers/vocabulary.ts';
import type { PromptKind } from '../callKinds.ts';

/** What is known of a prompt when its kind is asked for. */
export type PromptEvidence = {
  /** The prompt without the user's words, which must not sway it. */
  instructions: string;
  hasDataReferences: boolean;
  hasClassification: boolean;
};

type Signal = {
  kind: Exclude<PromptKind, 'unknown'>;
  weight: number;
  holds: (evidence: PromptEvidence) => boolean;
};

const says =
  (pattern: RegExp) =>
  ({ instructions }: PromptEvidence): boolean =>
    pattern.test(instructions);

const names =
  (words: readonly string[], atLeast: number) =>
  ({ instructions }: PromptEvidence): boolean => {
    const lower = instructions.toLowerCase();
    return words.filter((word) => lower.includes(word)).length >= atLeast;
  };

/** No deployment's wording is known for sure, so that several signs are weighed. A narrative prompt quotes a classification, hence its low weight. */
const SIGNALS: readonly Signal[] = [
  { kind: 'classification', weight: 2, holds: says(/\bclassif(?:y|ies|ied|ier|ication)\b/i) },
  {
    kind: 'classification',
    weight: 3,
    holds: says(/\bJSON object\b|\b(?:valid|only|as|in|with) JSON\b|\bJSON (?:only|format)\b/i),
  },
  { kind: 'classification', weight: 2, holds: names(INTENTS, 6) },
  { kind: 'classification', weight: 2, holds: names(MEASURES, 6) },
  { kind: 'narrative', weight: 3, holds: says(/\bnarrat(?:ive|or|e)\b/i) },
  { kind: 'narrative', weight: 3, holds: says(/\bdata[ _-]?references?\b/i) },
  {
    kind: 'narrative',
    weight: 1,
    holds: says(/\b(?:summar(?:y|ise|ize)|explain|write|insights?|sentences|tell the user)\b/i),
  },
  { kind: 'narrative', weight: 5, holds: (evidence) => evidence.hasDataReferences },
  { kind: 'narrative', weight: 1, holds: (evidence) => evidence.hasClassification },
];
const LEAST_WEIGHT = 3;

/** Whether a prompt asks for a classification or a narrative; 'unknown' where the signs are too few or contradict each other. */
export function kindOfPrompt(evidence: PromptEvidence): PromptKind {
  const weight = { classification: 0, narrative: 0 };
  for (const signal of SIGNALS) if (signal.holds(evidence)) weight[signal.kind] += signal.weight;
  const lead = weight.classification - weight.narrative;
  if (lead > 0 && weight.classification >= LEAST_WEIGHT) return 'classification';
  if (lead < 0 && weight.narrative >= LEAST_WEIGHT) return 'narrative';
  return 'unknown';
}
