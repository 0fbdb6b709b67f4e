import type { DegradedAnswer } from '../behaviour/degradedAnswerSchema.ts';
import type { PromptKind } from '../callKinds.ts';
import type { Classification } from './classifyQuestion.ts';
import { enlargeText } from './enlargeText.ts';

const PERCENT = 100;

/** Spoils the text of an answer; `null` where this way of spoiling leaves this kind of answer alone. */
export function degradeAnswer(
  text: string,
  kind: PromptKind,
  degraded: DegradedAnswer,
): string | null {
  if (degraded.kind === 'empty') return '';
  if (degraded.kind === 'huge') return enlargeText(text, degraded.sizeBytes);
  if (kind !== 'classification') return null;
  switch (degraded.kind) {
    case 'malformedJson':
      // All braces are there, so that a reader that looks for them finds no JSON either.
      return text.replace('":', '" ');
    case 'fencedJson':
      return `Here is the classification:\n\n\`\`\`json\n${text}\n\`\`\`\n`;
    case 'wrongSchema':
      return JSON.stringify({ category: 'finance', keywords: ['revenue'], certainty: 'high' });
    case 'confidenceOutOfRange':
      return JSON.stringify(inPercent(JSON.parse(text)), null, 2);
  }
}

/** Confidences as percentages, which models are fond of, however a prompt asks for [0, 1]. */
function inPercent(classification: Classification): Classification {
  const { overall, components } = classification.confidence;
  const { intent, subject, measure, time } = components;
  return {
    ...classification,
    confidence: {
      overall: overall * PERCENT,
      components: {
        intent: intent * PERCENT,
        subject: subject * PERCENT,
        measure: measure * PERCENT,
        time: time * PERCENT,
      },
    },
  };
}
