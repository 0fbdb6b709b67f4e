import { rewriteAnswers } from './answers/rewriteAnswers.ts';
import type { Defect } from './defect.ts';

/** A service that keeps its own measurements to itself. */
export const noMetadata: Defect = {
  name: 'no-metadata',
  description: 'answers come without metadata',
  around: () => rewriteAnswers(({ metadata: _, ...answer }) => answer),
};
