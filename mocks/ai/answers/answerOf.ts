import { hash } from 'node:crypto';
import type { PromptKind } from '../callKinds.ts';
import { NONCE } from '../prompt/readCallReference.ts';
import { readPrompt } from '../prompt/readPrompt.ts';
import { remembering } from '../prompt/remembering.ts';
import { answerPrompt } from './answerPrompt.ts';

/** What follows from the text of a prompt alone. */
export type PromptAnswer = {
  kind: PromptKind;
  text: string;
  /** Tells prompts without a reference apart. */
  hash: string;
};

const MOST_PROMPTS = 1_000;
const EVERY_NONCE = new RegExp(NONCE.source, 'g');

const answerTo = remembering((prompt): PromptAnswer => {
  const read = readPrompt(prompt);
  return { kind: read.kind, text: answerPrompt(read), hash: hash('sha256', prompt, 'base64') };
}, MOST_PROMPTS);

/** The marks of measured requests, which differ from one to the next, say nothing of what is asked. */
export function answerOf(prompt: string): PromptAnswer {
  return answerTo(prompt.replace(EVERY_NONCE, ''));
}
