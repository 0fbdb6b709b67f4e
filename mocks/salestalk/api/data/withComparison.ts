/**
 * The quarters an answer needs, oldest first: those asked for, and for an intent that sets them against others, more: the
 * one before to compare or explain, all before for a trend, and for a forecast all there are, since what is asked for is
 * still to come.
 */
export function withComparison(
  intent: string,
  asked: readonly string[],
  known: readonly string[],
): string[] {
  if (intent === 'forecast') return [...known];
  const first = asked[0];
  if (first === undefined) return [];
  const before = known.filter((quarter) => quarter < first);
  if (intent === 'trend') return [...before, ...asked];
  if (intent === 'compare' || intent === 'why' || intent === 'anomaly') {
    return [...before.slice(-1), ...asked];
  }
  return [...asked];
}
