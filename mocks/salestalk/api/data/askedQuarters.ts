const latestWords = /\b(latest|current|last|this|recent|now|today)\b/i;

/**
 * The quarters, oldest first, that a period in plain words means among those `known`.
 * `Q3` without a year is the latest Q3 known; `2025` is all of its quarters, `H1 2025` two of them; `last quarter` and no
 * period at all are the latest quarter. A period that is not known, or that no rule here reads, means none.
 */
export function askedQuarters(period: string | null, known: readonly string[]): string[] {
  const latest = known.at(-1);
  if (latest === undefined) return [];
  const text = period?.trim() ?? '';
  if (text === '') return [latest];

  const year = /(?<!\d)(?:19|20)\d{2}(?!\d)/.exec(text)?.[0] ?? null;
  const inYear = (candidates: readonly string[]): string[] => {
    const wanted = year ?? candidates.at(-1)?.slice(0, 4);
    return candidates.filter((quarter) => quarter.startsWith(`${wanted}-`));
  };
  const quarter = /q\s?([1-4])(?!\d)/i.exec(text)?.[1];
  if (quarter !== undefined) return inYear(known.filter((key) => key.endsWith(`Q${quarter}`)));
  const half = /\bh\s?([12])(?!\d)/i.exec(text)?.[1];
  if (half !== undefined) {
    const members = half === '1' ? /Q[12]$/ : /Q[34]$/;
    return inYear(known.filter((key) => members.test(key)));
  }
  if (year !== null) return /^(fy\s?)?\d{4}$/i.test(text) ? inYear(known) : [];
  if (!latestWords.test(text)) return [];
  if (/\byear\b/i.test(text)) return inYear(known);
  return /\b(month|week|day|today|yesterday)\b/i.test(text) ? [] : [latest];
}
