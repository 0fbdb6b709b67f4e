/**
 * The quarters an answer needs, oldest first: those asked for, and for an intent that sets them against others, the ones
 * before: the last one to compare or explain, all of them for a trend or a forecast.
 */
export function withComparison(
  intent: string,
  asked: readonly string[],
  known: readonly string[],
): string[] {
  const first = asked[0];
  if (first === undefined) return [];
  const before = known.filter((quarter) => quarter < first);
  if (intent === 'trend' || intent === 'forecast') return [...before, ...asked];
  if (intent === 'compare' || intent === 'why' || intent === 'anomaly') {
    return [...before.slice(-1), ...asked];
  }
  return [...asked];
}
