import { oneLine } from './oneLine.ts';
import { vocabulary } from './vocabulary.ts';

const instructions = `Classify the business question below. Answer with one JSON object and nothing else:
{"intent": …, "subject": …, "measure": …, "dimension": {}, "time": {"period": …, "granularity": …}, "confidence": {"overall": …, "components": {"intent": …, "subject": …, "measure": …, "time": …}}}
intent is one of: ${vocabulary.intents.join(', ')}
subject is one of: ${vocabulary.subjects.join(', ')}
measure is one of: ${vocabulary.measures.join(', ')}
period is the time the question names, such as Q3, 2025-Q3 or 2025; leave time empty where it names none.
Every confidence is a number from 0 to 1; be honest where the question is vague.`;

/** Asks the model for the classification of a question. */
export function classificationPrompt(question: string): string {
  return `${instructions}\nQuestion: ${oneLine(question)}\n`;
}
