const LATEST_WORDS = /\b(latest|current|last|this|recent|now)\b/i;
const FINER_WORDS = /\b(month|week|day)\b/i;
const YEAR_PATTERN = /(?<!\d)(?:19|20)\d{2}(?!\d)/g;
/** What may stand around years that are meant as a whole. */
const BETWEEN_YEARS = /^(fy|year|and|to|vs|[\s.,–-])*$/i;

/**
 * The quarters, oldest first, that a period in plain words means among those `known`.
 * `Q3` without a year is the latest Q3 known, `Q2 and Q3 2024` are two; `2025` is all of its quarters, `H1 2025` two of
 * them; `last quarter`, and no period at all, is the latest quarter. A period that is not known, or that no rule here
 * reads, means none.
 */
export function askedQuarters(period: string | null, known: readonly string[]): string[] {
  const text = period?.trim() ?? '';
  if (text === '') return known.slice(-1);

  const years = text.match(YEAR_PATTERN);
  const ofYears = (keys: readonly string[]): string[] =>
    years === null
      ? latestOfEach(keys)
      : keys.filter((key) => years.some((year) => key.startsWith(year)));

  const numbers = quarterNumbers(text);
  if (numbers.size > 0) return ofYears(known.filter((key) => numbers.has(key.slice(-1))));
  if (years !== null)
    return BETWEEN_YEARS.test(text.replace(YEAR_PATTERN, '')) ? ofYears(known) : [];
  if (FINER_WORDS.test(text) || !LATEST_WORDS.test(text)) return [];
  return /\byear\b/i.test(text) ? latestOfEach(known) : known.slice(-1);
}

/** The digits of the quarters that a text names, halves of a year as two quarters each. */
function quarterNumbers(text: string): Set<string> {
  const numbers = new Set<string>();
  for (const [, quarter] of text.matchAll(/(?<![a-z])q\s?([1-4])(?!\d)/gi)) {
    if (quarter !== undefined) numbers.add(quarter);
  }
  for (const [, half] of text.matchAll(/(?<![a-z])h\s?([12])(?!\d)/gi)) {
    for (const quarter of half === '1' ? ['1', '2'] : ['3', '4']) numbers.add(quarter);
  }
  return numbers;
}

/** Those of the latest year among the keys, each quarter being in its latest year on its own. */
function latestOfEach(keys: readonly string[]): string[] {
  const latest = new Map(keys.map((key) => [key.slice(-2), key]));
  return [...latest.values()].sort();
}
