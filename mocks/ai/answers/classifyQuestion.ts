import {
  DIMENSION_WORDS,
  INTENT_WORDS,
  type Intent,
  MEASURE_WORDS,
  type Measure,
  SUBJECT_WORDS,
  type Subject,
} from '../prompt/vocabulary.ts';
import { type QuestionTime, readPeriod } from './readPeriod.ts';

/** What the mocked model says of a question. Confidences lie in [0, 1]. */
export type Classification = {
  intent: Intent;
  subject: Subject;
  measure: Measure;
  dimension: { by?: string };
  time: QuestionTime;
  confidence: {
    overall: number;
    components: { intent: number; subject: number; measure: number; time: number };
  };
};

/**
 * How sure the model is of a part that the question names, that only follows from another part, or that is not there.
 * With neither subject nor measure the overall confidence, their mean, stays under the 0.7 at which SalesTalk may refuse.
 */
const CONFIDENCE = {
  intent: { named: 0.9, absent: 0.75 },
  subject: { named: 0.85, implied: 0.85, absent: 0.2 },
  measure: { named: 0.85, implied: 0.75, absent: 0.2 },
  time: { named: 0.8, absent: 0.6 },
} as const;

/** Classifies a business question with the words of SalesTalk's vocabulary. The same question always gets the same answer. */
export function classifyQuestion(question: string): Classification {
  const intent = INTENT_WORDS.find(({ words }) => words.test(question))?.intent;
  const measured = MEASURE_WORDS.find(({ words }) => words.test(question));
  const about = SUBJECT_WORDS.find(({ words }) => words.test(question));
  const split = DIMENSION_WORDS.find(({ words }) => words.test(question));
  const time = readPeriod(question);
  const components = {
    intent: CONFIDENCE.intent[intent === undefined ? 'absent' : 'named'],
    subject: CONFIDENCE.subject[about ? 'named' : measured ? 'implied' : 'absent'],
    measure: CONFIDENCE.measure[measured ? 'named' : about ? 'implied' : 'absent'],
    time: CONFIDENCE.time['period' in time ? 'named' : 'absent'],
  };
  return {
    intent: intent ?? 'what',
    // A model that must choose from a list does so, however unsure it is.
    subject: measured?.subject ?? about?.subject ?? 'revenue',
    measure: measured?.measure ?? about?.measure ?? 'revenue',
    dimension: split === undefined ? {} : { by: split.dimension },
    time,
    confidence: { overall: roundedMean(Object.values(components)), components },
  };
}

function roundedMean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return Math.round((sum / values.length) * 100) / 100;
}
