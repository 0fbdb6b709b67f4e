import { NONCE } from './readCallReference.ts';

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
export type PromptQuestion = { question: string; marked: boolean };

/** Reads the question without its nonce and its quotation marks; it is empty if the prompt is blank. The last occurrence counts: examples and history come before it. */
export function readQuestion(prompt: string): PromptQuestion {
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
