import type { Classification } from '../classify/classificationSchema.ts';
import { oneLine } from '../classify/oneLine.ts';
import type { DataReference } from '../data/dataReference.ts';

const instructions =
  'Write a short narrative, two or three sentences of plain prose, that answers the question below. ' +
  'Use the figures of the data references and no others.';

/** Asks the model to put figures into words. */
export function narrativePrompt(about: {
  question: string;
  classification: Classification;
  dataReferences: readonly DataReference[];
}): string {
  return [
    instructions,
    `Question: ${oneLine(about.question)}`,
    `Classification: ${JSON.stringify(about.classification)}`,
    `Data references: ${JSON.stringify(about.dataReferences)}`,
    '',
  ].join('\n');
}
