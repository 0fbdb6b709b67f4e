import type { ReadPrompt } from '../prompt/readPrompt.ts';
import { classifyQuestion } from './classifyQuestion.ts';
import { writeNarrative } from './writeNarrative.ts';

const NEITHER =
  'This is a mocked model. It classifies business questions and writes narratives from figures. This prompt asks for neither.';

/** The text that the mocked model answers to a prompt. */
export function answerPrompt(prompt: ReadPrompt): string {
  switch (prompt.kind) {
    case 'classification':
      return JSON.stringify(classifyQuestion(prompt.question), null, 2);
    case 'narrative':
      return writeNarrative(prompt.dataReferences, prompt.classification);
    case 'unknown':
      return NEITHER;
  }
}
