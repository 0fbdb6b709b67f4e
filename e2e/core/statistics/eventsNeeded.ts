import type { VerdictName } from '../verdict/verdict.ts';

/** Beyond this no run goes; more is "not foreseeable". */
const MOST_EVENTS = 10_000_000;

/**
 * Size of the sample at which a test would decide if the share of bad events stayed as it was seen, and what it would say.
 * Null when it would not within ten million events. A lone bad event counts as its share, so this is a forecast, not a bound.
 */
export function eventsNeeded(
  bad: number,
  n: number,
  test: (bad: number, n: number) => VerdictName,
): { n: number; verdict: VerdictName } | null {
  const decide = (size: number) => test(Math.round((bad / n) * size), size);
  let undecided = n;
  let decided = n;
  while (decide(decided) === 'inconclusive') {
    undecided = decided;
    decided *= 2;
    if (decided > MOST_EVENTS) return null;
  }
  while (decided - undecided > 1) {
    const middle = Math.floor((undecided + decided) / 2);
    if (decide(middle) === 'inconclusive') undecided = middle;
    else decided = middle;
  }
  return { n: decided, verdict: decide(decided) };
}
