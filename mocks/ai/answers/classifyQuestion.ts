import type { Intent, Measure, Subject } from '../../vocabulary.ts';
import { DIMENSION_WORDS, INTENT_WORDS, MEASURE_WORDS, SUBJECT_WORDS } from './questionWords.ts';

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

/** The period that a question names; empty if it names none. */
type QuestionTime = { period: string; granularity: string } | Record<string, never>;

/**
 * The model's confidence in a part that the question names, implies or leaves out. The overall one is their mean. Without
 * subject and measure it stays under 0.7, where SalesTalk may refuse.
 */
const CONFIDENCE = {
  intent: { named: 0.9, absent: 0.75 },
  subject: { named: 0.85, implied: 0.85, absent: 0.2 },
  measure: { named: 0.85, implied: 0.75, absent: 0.2 },
  time: { named: 0.8, absent: 0.6 },
} as const;

/** Classifies a business question with the words of SalesTalk's vocabulary. The same question always gets the same answer. */
export function classifyQuestion(question: string): Classification {
  const intent = INTENT_WORDS.find(([, words]) => words.test(question))?.[0];
  const measured = MEASURE_WORDS.find(([, , words]) => words.test(question));
  const about = SUBJECT_WORDS.find(([, , words]) => words.test(question));
  const by = DIMENSION_WORDS.find(([, words]) => words.test(question))?.[0];
  const time = readPeriod(question);
  const components = {
    intent: CONFIDENCE.intent[intent === undefined ? 'absent' : 'named'],
    subject: CONFIDENCE.subject[about ? 'named' : measured ? 'implied' : 'absent'],
    measure: CONFIDENCE.measure[measured ? 'named' : about ? 'implied' : 'absent'],
    time: CONFIDENCE.time['period' in time ? 'named' : 'absent'],
  };
  const sum = Object.values(components).reduce((total, value) => total + value, 0);
  return {
    intent: intent ?? 'what',
    // A model that must choose from a list chooses, even when unsure.
    subject: measured?.[1] ?? about?.[0] ?? 'revenue',
    measure: measured?.[0] ?? about?.[1] ?? 'revenue',
    dimension: by === undefined ? {} : { by },
    time,
    confidence: { overall: Math.round((sum / 4) * 100) / 100, components },
  };
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
const ORDINALS: Record<string, string> = { first: 'Q1', second: 'Q2', third: 'Q3', fourth: 'Q4' };
const DIRECTIONS: Record<string, string> = { current: 'this', previous: 'last', past: 'last' };

const NAMED_QUARTER = /\b(first|second|third|fourth|[1-4](?:st|nd|rd|th)) quarter\b/gi;
const YEAR_BEFORE_PART = /\b(20\d\d)[-/ ]*(Q[1-4]|H[12])\b/gi;
const PAIR =
  /\bQ([1-4])(?: (20\d\d))? ?(?:and|to|vs\.?|versus|with|or|,|&|-|–) ?Q([1-4])(?:(?: of| in|,)? (20\d\d))?\b/i;
const PART = /\b(Q[1-4]|H[12])(?:(?: of| in|,|\/|-)? ?(20\d\d))?\b/i;
// No "i" flag: "may" is a month only with its capital letter.
const MONTH =
  /\b([Jj]an(?:uary)?|[Ff]eb(?:ruary)?|[Mm]ar(?:ch)?|[Aa]pr(?:il)?|May|[Jj]une?|[Jj]uly?|[Aa]ug(?:ust)?|[Ss]ept?(?:ember)?|[Oo]ct(?:ober)?|[Nn]ov(?:ember)?|[Dd]ec(?:ember)?)\b(?:\.?,?(?: of| in)? (20\d\d)\b)?/;
const RELATIVE =
  /\b(this|current|last|previous|past|next) (?:(\d{1,3}|two|three|four|six|twelve) )?(day|week|month|quarter|year)s?\b/i;

/** The period that a question names: 2025-Q3, Q3, Q3 and Q4 2025, 2025-H1, 2025-03, March, last year, last 12 months, 2025. */
export function readPeriod(question: string): QuestionTime {
  // Quarters and halves in one form: "third quarter" → "Q3", "2025-Q3" → "Q3 2025".
  const text = question
    .replace(NAMED_QUARTER, (_, name) => ORDINALS[name.toLowerCase()] ?? `Q${name[0]}`)
    .replace(YEAR_BEFORE_PART, '$2 $1');
  const [pair, from, yearBetween, to, year = yearBetween] = PAIR.exec(text) ?? [];
  if (pair)
    return { period: `Q${from} and Q${to}${year ? ` ${year}` : ''}`, granularity: 'quarter' };
  const [, part, yearOfPart] = PART.exec(text) ?? [];
  if (part) {
    const granularity = /^H/i.test(part) ? 'half-year' : 'quarter';
    const name = part.toUpperCase();
    return { period: yearOfPart ? `${yearOfPart}-${name}` : name, granularity };
  }
  const [, yearOfNumber, monthNumber] = /\b(20\d\d)-(0[1-9]|1[0-2])\b/.exec(text) ?? [];
  if (monthNumber) return { period: `${yearOfNumber}-${monthNumber}`, granularity: 'month' };
  const [, month, yearOfMonth] = MONTH.exec(text) ?? [];
  if (month) return { period: formatMonth(month, yearOfMonth), granularity: 'month' };
  const [, said, count, unit] = RELATIVE.exec(text.toLowerCase()) ?? [];
  if (said && unit) {
    const direction = DIRECTIONS[said] ?? said;
    const period = count ? `${direction} ${count} ${unit}s` : `${direction} ${unit}`;
    return { period, granularity: unit };
  }
  const [toDate, start = 'year'] =
    /\b(year|quarter|month)[- ]to[- ]date\b|\bytd\b/.exec(text.toLowerCase()) ?? [];
  if (toDate) return { period: `${start} to date`, granularity: start };
  const [day] = /\b(?:today|yesterday|tomorrow)\b/.exec(text.toLowerCase()) ?? [];
  if (day) return { period: day, granularity: 'day' };
  const [onlyYear] = /\b20\d\d\b/.exec(text) ?? [];
  return onlyYear ? { period: onlyYear, granularity: 'year' } : {};
}

function formatMonth(name: string, year: string | undefined): string {
  const start = name.slice(0, 3).toLowerCase();
  const position = MONTHS.findIndex((month) => month.toLowerCase().startsWith(start));
  const number = String(position + 1).padStart(2, '0');
  return year === undefined ? (MONTHS[position] ?? name) : `${year}-${number}`;
}
