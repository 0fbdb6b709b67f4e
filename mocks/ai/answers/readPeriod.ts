/** What a question says of time; empty where it says nothing. */
export type QuestionTime = { period: string; granularity: string } | Record<string, never>;

type Groups = Record<string, string | undefined>;

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const ORDINALS: Record<string, string> = { first: '1', second: '2', third: '3', fourth: '4' };
const DIRECTIONS: Record<string, string> = {
  current: 'this',
  previous: 'last',
  past: 'last',
  coming: 'next',
};

const YEAR = '(?<year>20\\d\\d)';
const ORDINAL = '(?<ordinal>first|second|third|fourth|[1-4](?:st|nd|rd|th))';
const UNIT = '(?<unit>day|week|month|quarter|year)';
// No "i" flag here: "may" is a month only with its capital letter.
const MONTH = `(?<month>${MONTHS.flatMap((name) => (name === 'May' ? name : [name, name.toLowerCase(), `${name.slice(0, 3)}(?:t\\b)?`])).join('|')})`;

/** How questions name a period, most specific first. */
const PERIOD_WORDS: readonly RegExp[] = [
  new RegExp(
    `\\b(?:(?<yearBefore>20\\d\\d)[-/ ])?Q(?<from>[1-4])\\s*(?:and|to|vs\\.?|versus|with|or|,|&|-|–)\\s*Q(?<to>[1-4])(?:(?: of| in|,)? ${YEAR})?\\b`,
    'i',
  ),
  new RegExp(`\\b${YEAR}\\s*[-/ ]?\\s*Q(?<quarter>[1-4])\\b`, 'i'),
  new RegExp(`\\bQ(?<quarter>[1-4])\\s*(?:of|in|,|/|-|FY)?\\s*${YEAR}\\b`, 'i'),
  new RegExp(`\\b${ORDINAL} quarter(?:(?: of| in|,)? ${YEAR})?\\b`, 'i'),
  /\bQ(?<quarter>[1-4])\b/i,
  new RegExp(`\\bH(?<half>[12])(?:(?: of| in|,)? ${YEAR})?\\b`, 'i'),
  new RegExp(`\\b${YEAR}-(?<monthNumber>0[1-9]|1[0-2])\\b`),
  new RegExp(`\\b${MONTH}\\.?,?(?: of| in)? ${YEAR}\\b`),
  new RegExp(`\\b${MONTH}\\b`),
  new RegExp(
    `\\b(?<direction>last|past|previous|next) (?<count>\\d{1,3}|two|three|four|six|twelve) ${UNIT}s\\b`,
    'i',
  ),
  new RegExp(`\\b(?<direction>this|current|last|previous|past|next|coming) ${UNIT}\\b`, 'i'),
  /\b(?:(?<toDate>year|quarter|month)[- ]to[- ]date|(?<yearToDate>ytd))\b/i,
  /\b(?<dayName>today|yesterday|tomorrow)\b/i,
  new RegExp(`\\b${YEAR}\\b`),
];

/** The period that a question names, e.g. 2025-Q3, Q3, Q3 and Q4 2025, 2025-H1, 2025-03, March, last year, last 12 months, 2025. */
export function readPeriod(question: string): QuestionTime {
  for (const words of PERIOD_WORDS) {
    const groups: Groups | undefined = words.exec(question)?.groups;
    if (groups !== undefined) return periodOf(groups);
  }
  return {};
}

function periodOf(groups: Groups): QuestionTime {
  const { year, month, unit, count, dayName, from, to, half } = groups;
  if (from !== undefined && to !== undefined) {
    const ofYear = year ?? groups.yearBefore;
    const quarters = `Q${from} and Q${to}`;
    return {
      period: ofYear === undefined ? quarters : `${quarters} ${ofYear}`,
      granularity: 'quarter',
    };
  }
  if (half !== undefined) return dated(year, `H${half}`, 'half-year');
  const quarter = groups.quarter ?? ordinalQuarter(groups.ordinal);
  if (quarter !== undefined) return dated(year, `Q${quarter}`, 'quarter');
  const monthNumber = groups.monthNumber ?? numberOfMonth(month);
  if (monthNumber !== undefined)
    return year === undefined
      ? { period: MONTHS[Number(monthNumber) - 1] ?? monthNumber, granularity: 'month' }
      : dated(year, monthNumber, 'month');
  if (unit !== undefined) {
    const said = groups.direction?.toLowerCase() ?? 'this';
    const direction = DIRECTIONS[said] ?? said;
    const granularity = unit.toLowerCase();
    const period =
      count === undefined
        ? `${direction} ${granularity}`
        : `${direction} ${count.toLowerCase()} ${granularity}s`;
    return { period, granularity };
  }
  if (dayName !== undefined) return { period: dayName.toLowerCase(), granularity: 'day' };
  if (year !== undefined) return { period: year, granularity: 'year' };
  const toDate = groups.toDate?.toLowerCase() ?? 'year';
  return { period: `${toDate} to date`, granularity: toDate };
}

function dated(year: string | undefined, part: string, granularity: string): QuestionTime {
  return { period: year === undefined ? part : `${year}-${part}`, granularity };
}

function ordinalQuarter(ordinal: string | undefined): string | undefined {
  return ordinal === undefined
    ? undefined
    : (ORDINALS[ordinal.toLowerCase()] ?? ordinal.slice(0, 1));
}

function numberOfMonth(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const start = name.slice(0, 3).toLowerCase();
  const position = MONTHS.findIndex((month) => month.toLowerCase().startsWith(start));
  return String(position + 1).padStart(2, '0');
}
