import { addEvent, startTally } from '../core/statistics/eventTally.ts';
import { smallestToPass } from '../core/statistics/sampleSize.ts';
import { shareBounds, shareTest } from '../core/statistics/shareTest.ts';
import type { Interval, VerdictName } from '../core/statistics/verdict.ts';
import type { HistoryEntry } from './historyEntry.ts';

/** The objective that allows an error budget. */
const OBJECTIVE = 'api.availability';
const DAY_MS = 86_400_000;
export const BUDGET_DAYS = 28;
const WEEK_DAYS = 7;
const LEVELS = { passAlpha: 0.05, failAlpha: 0.01 };

/** Bad requests relative to those that the objective allows; 1 uses the budget up exactly. */
type Burn = { n: number; bad: number; rate: number };

/** Availability of a target over the 28 days that end with its last run. */
export type ErrorBudget = {
  /** Share of good requests that must be exceeded, as in the last run. */
  objective: number;
  runs: number;
  over28Days: Burn;
  over7Days: Burn;
  lastRun: Burn;
  /** Part of the budget that is left; below zero if it is overspent. */
  left: number;
  /** Of the availability. */
  interval: Interval;
  /** Whether the availability is above the objective. */
  verdict: VerdictName;
  /** Fewest requests that establish it if no further one fails. */
  needed: number;
};

/** Null if no run judged the availability. An incident spends the budget as any other failures do, so bursts are not discounted. */
export function errorBudgetOf(runs: readonly HistoryEntry[]): ErrorBudget | null {
  const judged = runs.flatMap(({ startedAt, objectives }) => {
    const found = objectives.find(({ id }) => id === OBJECTIVE);
    if (found === undefined || found.n === 0 || found.bad === null) return [];
    const { n, bad, objective } = found;
    // No share of bad requests is allowed, so there is no budget.
    if (objective >= 1) return [];
    return [{ atMs: Date.parse(startedAt), n, bad, objective }];
  });
  const last = judged.at(-1);
  if (last === undefined) return null;
  const { objective } = last;
  const allowedShare = Number((1 - objective).toPrecision(12));
  const since = (days: number) => judged.filter(({ atMs }) => atMs > last.atMs - days * DAY_MS);
  const burn = (some: { n: number; bad: number }[]): Burn => {
    const n = some.reduce((sum, one) => sum + one.n, 0);
    const bad = some.reduce((sum, one) => sum + one.bad, 0);
    return { n, bad, rate: bad / n / allowedShare };
  };
  const recent = since(BUDGET_DAYS);
  const tally = startTally(allowedShare, { mostInABurst: 1 });
  for (const { n, bad } of recent) {
    for (let at = 0; at < n; at++) addEvent(tally, at < bad);
  }
  const plan = { allowedShare, ...LEVELS };
  const [leastBad, mostBad] = shareBounds(tally, plan);
  const over28Days = burn(recent);
  return {
    objective,
    runs: recent.length,
    over28Days,
    over7Days: burn(since(WEEK_DAYS)),
    lastRun: burn([last]),
    left: 1 - over28Days.rate,
    interval: [Number((1 - mostBad).toFixed(6)), Number((1 - leastBad).toFixed(6))],
    verdict: shareTest(plan)(tally).verdict,
    needed: smallestToPass(plan, tally.bad),
  };
}
