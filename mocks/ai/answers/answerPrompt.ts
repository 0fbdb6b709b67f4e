import { hash } from 'node:crypto';
import { NONCE } from '../prompt/callReference.ts';
import { type PromptKind, type ReadPrompt, readPrompt } from '../prompt/readPrompt.ts';
import { classifyQuestion } from './classifyQuestion.ts';
import { writeNarrative } from './writeNarrative.ts';

/** What follows from the text of a prompt alone. */
type PromptAnswer = {
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

const NEITHER =
  'This is a mocked model. It classifies business questions and writes narratives from figures. This prompt asks for neither.';

/** The text that the mocked model answers to a prompt. */
function answerPrompt(prompt: ReadPrompt): string {
  switch (prompt.kind) {
    case 'classification':
      return JSON.stringify(classifyQuestion(prompt.question), null, 2);
    case 'narrative':
      return writeNarrative(prompt.dataReferences, prompt.classification);
    case 'unknown':
      return NEITHER;
  }
}

/** Makes a function that remembers its results for the latest `most` texts: under load the same few prompts repeat. */
export function remembering<T>(make: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const made = make(text);
    known.set(text, made);
    if (known.size > most) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    return made;
  };
}
