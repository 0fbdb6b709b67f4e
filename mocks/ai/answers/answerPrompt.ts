import { hash } from 'node:crypto';
import { NONCES } from '../prompt/callReference.ts';
import { type PromptKind, type ReadPrompt, readPrompt } from '../prompt/readPrompt.ts';
import { classifyQuestion } from './classifyQuestion.ts';
import { writeNarrative } from './writeNarrative.ts';

type PromptAnswer = {
  kind: PromptKind;
  text: string;
  /** Identifies a prompt that has no reference. */
  hash: string;
};

const MAX_PROMPTS = 1_000;
const UNKNOWN =
  'This is a mocked model. It classifies business questions and writes narratives from figures. This prompt asks for neither.';

const answerPlainPrompt = memoize((prompt): PromptAnswer => {
  const read = readPrompt(prompt);
  return { kind: read.kind, text: writeAnswer(read), hash: hash('sha256', prompt, 'base64') };
}, MAX_PROMPTS);

/** What the mocked model answers. Nonces are ignored, since they differ between requests that ask the same. */
export function answerPrompt(prompt: string): PromptAnswer {
  return answerPlainPrompt(prompt.replace(NONCES, ''));
}

function writeAnswer({ kind, question, dataReferences, classification }: ReadPrompt): string {
  if (kind === 'unknown') return UNKNOWN;
  if (kind === 'narrative') return writeNarrative(dataReferences, classification);
  return JSON.stringify(classifyQuestion(question), null, 2);
}

/** Makes `compute` remember its results for the latest `max` texts: under load the same few prompts repeat. */
export function memoize<T>(compute: (text: string) => T, max: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const computed = compute(text);
    known.set(text, computed);
    const [oldest] = known.keys();
    if (known.size > max && oldest !== undefined) known.delete(oldest);
    return computed;
  };
}
