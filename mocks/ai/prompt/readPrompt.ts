import { INTENTS, MEASURES } from '../../vocabulary.ts';
import { NONCES } from './callReference.ts';
import {
  type DataReference,
  findClassification,
  findDataReferences,
  findJsonValues,
  type PromptClassification,
} from './promptData.ts';

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
  // The words of the user must not change the kind.
  const instructions = marked && question !== '' ? prompt.replaceAll(question, '') : prompt;
  const values = findJsonValues(instructions);
  const dataReferences = findDataReferences(values) ?? [];
  const classification = findClassification(values);
  const weights = { classification: 0, narrative: 0 };
  for (const { kind, weight, sign } of SIGNS) if (sign(instructions)) weights[kind] += weight;
  if (dataReferences.length > 0) weights.narrative += 5;
  if (classification !== null) weights.narrative += 1;
  return { kind: kindByWeight(weights), question, dataReferences, classification };
}

/** Marks that prompts set the question off with, most explicit first. */
const MARKS = [
  /<question>((?:(?!<\/?question>)[\s\S])*)<\/question>/gi,
  /^[ \t]*(?:\*\*)?(?:user(?:'s)? )?question(?:\*\*)?[ \t]*[:=](?:\*\*)?[ \t]*(\S.*)$/gim,
  /^[ \t]*(?:user(?:'s)? )?(?:query|input|message|request)[ \t]*[:=][ \t]*(\S.*)$/gim,
];
/** Without a mark: a line that asks something, else any line. */
const GUESSES = [/^[ \t]*(\S.*\?.*)$/gm, /^[ \t]*(\S.*)$/gm];

/** The question without its nonce and its quotation marks, empty if the prompt is blank, and whether a mark set it off. */
function readQuestion(prompt: string): { question: string; marked: boolean } {
  const marked = findLastMatch(MARKS, prompt);
  const question = (marked ?? findLastMatch(GUESSES, prompt) ?? '')
    .replace(NONCES, '')
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
  return { question, marked: marked !== null };
}

/** The last occurrence of the first pattern that occurs: examples and history come before the question. */
function findLastMatch(patterns: readonly RegExp[], prompt: string): string | null {
  for (const pattern of patterns) {
    const found = [...prompt.matchAll(pattern)].at(-1)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

type Sign = {
  kind: 'classification' | 'narrative';
  weight: number;
  sign: (instructions: string) => boolean;
};

const matches = (pattern: RegExp) => (instructions: string) => pattern.test(instructions);
const namesSix = (words: readonly string[]) => (instructions: string) => {
  const lower = instructions.toLowerCase();
  return words.filter((word) => lower.includes(word)).length >= 6;
};

/** No deployment's wording is known for sure, so that several signs are weighed. */
const SIGNS: readonly Sign[] = [
  // A narrative prompt quotes a classification, hence the low weight.
  { kind: 'classification', weight: 2, sign: matches(/\bclassif(?:y|ies|ied|ier|ication)\b/i) },
  {
    kind: 'classification',
    weight: 3,
    sign: matches(/\bJSON object\b|\b(?:valid|only|as|in|with) JSON\b|\bJSON (?:only|format)\b/i),
  },
  { kind: 'classification', weight: 2, sign: namesSix(INTENTS) },
  { kind: 'classification', weight: 2, sign: namesSix(MEASURES) },
  { kind: 'narrative', weight: 3, sign: matches(/\bnarrat(?:ive|or|e)\b/i) },
  { kind: 'narrative', weight: 3, sign: matches(/\bdata[ _-]?references?\b/i) },
  {
    kind: 'narrative',
    weight: 1,
    sign: matches(/\b(?:summar(?:y|ise|ize)|explain|write|insights?|sentences|tell the user)\b/i),
  },
];
const MIN_WEIGHT = 3;

/** 'unknown' where the signs are too few or contradict each other. */
function kindByWeight({ classification, narrative }: Record<Sign['kind'], number>): PromptKind {
  if (classification > narrative && classification >= MIN_WEIGHT) return 'classification';
  if (narrative > classification && narrative >= MIN_WEIGHT) return 'narrative';
  return 'unknown';
}
