import { NONCE } from './callReference.ts';
import { findJsonValues } from './findJsonValues.ts';
import {
  type DataReference,
  type PromptClassification,
  readClassification,
  readDataReferences,
} from './promptData.ts';
import { INTENTS, MEASURES } from './vocabulary.ts';

/** What a prompt asks for. 'unknown': the prompt does not show which. */
export type PromptKind = 'classification' | 'narrative' | 'unknown';

/** What a prompt asks for and carries. */
export type ReadPrompt = {
  kind: PromptKind;
  question: string;
  dataReferences: DataReference[];
  classification: PromptClassification | null;
};

/** Reads a prompt of any deployment: by its signs, not by one fixed wording. */
export function readPrompt(prompt: string): ReadPrompt {
  const { question, marked } = readQuestion(prompt);
  const instructions = marked && question !== '' ? prompt.replaceAll(question, '') : prompt;
  const values = findJsonValues(instructions);
  const dataReferences = readDataReferences(values);
  const classification = readClassification(values);
  const kind = kindOfPrompt({
    instructions,
    hasDataReferences: dataReferences !== null,
    hasClassification: classification !== null,
  });
  return { kind, question, dataReferences: dataReferences ?? [], classification };
}

/** Marks that prompts set the question off with, most explicit first. */
const MARKS = [
  /<question>((?:(?!<\/?question>)[\s\S])*)<\/question>/gi,
  /^[ \t]*(?:\*\*)?(?:user(?:'s)? )?question(?:\*\*)?[ \t]*[:=](?:\*\*)?[ \t]*(\S.*)$/gim,
  /^[ \t]*(?:user(?:'s)? )?(?:query|input|message|request)[ \t]*[:=][ \t]*(\S.*)$/gim,
];
/** Without a mark: a line that asks something, else any line. */
const GUESSES = [/^[ \t]*(\S.*\?.*)$/gm, /^[ \t]*(\S.*)$/gm];
const EVERY_NONCE = new RegExp(NONCE.source, 'g');

/** The user's question in a prompt, and whether a mark set it off or it is a guess. */
type PromptQuestion = { question: string; marked: boolean };

/** Reads the question without its nonce and its quotation marks; it is empty if the prompt is blank. The last occurrence counts: examples and history come before it. */
function readQuestion(prompt: string): PromptQuestion {
  const marked = lastOf(MARKS, prompt);
  if (marked !== null) return { question: stripped(marked), marked: true };
  return { question: stripped(lastOf(GUESSES, prompt) ?? ''), marked: false };
}

function lastOf(patterns: readonly RegExp[], prompt: string): string | null {
  for (const pattern of patterns) {
    const found = [...prompt.matchAll(pattern)].at(-1)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

function stripped(question: string): string {
  return question
    .replace(EVERY_NONCE, '')
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
}

/** What is known of a prompt when its kind is asked for. */
type PromptEvidence = {
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
function kindOfPrompt(evidence: PromptEvidence): PromptKind {
  const weight = { classification: 0, narrative: 0 };
  for (const signal of SIGNALS) if (signal.holds(evidence)) weight[signal.kind] += signal.weight;
  const lead = weight.classification - weight.narrative;
  if (lead > 0 && weight.classification >= LEAST_WEIGHT) return 'classification';
  if (lead < 0 && weight.narrative >= LEAST_WEIGHT) return 'narrative';
  return 'unknown';
}
