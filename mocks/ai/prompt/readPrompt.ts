import type { PromptKind } from '../callKinds.ts';
import { findJsonValues } from './findJsonValues.ts';
import { kindOfPrompt } from './kindOfPrompt.ts';
import { type PromptClassification, readClassification } from './readClassification.ts';
import { type DataReference, readDataReferences } from './readDataReferences.ts';
import { readQuestion } from './readQuestion.ts';

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
