import { INTENTS, MEASURES } from '../../vocabulary.ts';
import {
  type DataReference,
  findClassification,
  findDataReferences,
  findJsonValues,
  type PromptClassification,
} from './promptData.ts';

/** What a prompt asks for. 'unknown': the prompt does not show which. */
export type PromptKind = 'classification' | 'narrative' | 'unknown';

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

/** Marks of measured requests in the text of their questions: scope and index. */
export const NONCES = /\[ref:([0-9a-f]{8})-(\d{1,9})\]/g;

// W3C Trace Context, whose trace id is the scope, eight zeros, and the index in sixteen hexadecimal digits.
const TRACEPARENT =
  /^[0-9a-f]{2}-([0-9a-f]{8})0{8}([0-9a-f]{16})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?$/;
const MAX_INDEX = 999_999_999;

/** Which measured request a model call belongs to, and where that was read. */
type CallReference = { scope: string; index: number; matchedBy: 'nonce' | 'traceparent' };

/**
 * Reads the reference from the prompt, else from the `traceparent` header. Of several nonces the last counts:
 * a prompt with the conversation's history carries those of earlier questions too. `null`: not a measured request.
 */
export function readCallReference(
  prompt: string,
  traceparent: string | null,
): CallReference | null {
  const [nonce, scope = '', index] = [...prompt.matchAll(NONCES)].at(-1) ?? [];
  if (nonce !== undefined) return { scope, index: Number(index), matchedBy: 'nonce' };
  const [trace, traceScope = '', indexHex = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const traceIndex = Number.parseInt(indexHex, 16);
  if (trace === undefined || traceIndex > MAX_INDEX) return null;
  return { scope: traceScope, index: traceIndex, matchedBy: 'traceparent' };
}
