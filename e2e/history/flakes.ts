import { addEvent, startTally } from '../core/statistics/eventTally.ts';
import { smallestToPass } from '../core/statistics/sampleSize.ts';
import { shareBounds, shareTest } from '../core/statistics/shareTest.ts';
import type { Interval, VerdictName } from '../core/statistics/verdict.ts';
import type { HistoryEntry } from './historyEntry.ts';

/** The flake rate must be below 1 %: the share of executions that flake, with the levels of an objective. */
const FLAKE_PLAN = { allowedShare: 0.01, passAlpha: 0.05, failAlpha: 0.01 };

type Counts = { executions: number; flakes: number };

export type Flakes = Counts & {
  /** Of the share of executions that flake; open ends without executions. */
  interval: Interval;
  /** Whether the rate is below 1 %. */
  verdict: VerdictName;
  /** Fewest executions that establish a rate below 1 %, if no further one flakes. */
  needed: number;
  /** Those that flaked, the worst first. */
  tests: (Counts & { test: string })[];
};

/**
 * Counts flakes: executions whose outcome differs from others of the same test at the same commit, target and environment. Where
 * outcomes are mixed, the minority counts. An execution without another one to differ from shows nothing and is not counted, nor is
 * one of a run with uncommitted changes.
 * @param entries in the order of their start
 */
export function flakesOf(entries: readonly HistoryEntry[]): Flakes {
  const executions = entries.flatMap(({ commit, target, environment, executions }) => {
    if (commit === null || commit.endsWith('+changes') || environment === null) return [];
    const version = JSON.stringify([target, commit, environment.fingerprint]);
    return executions.map((one) => ({ ...one, group: `${version} ${one.test}` }));
  });
  const groups = Map.groupBy(executions, ({ group }) => group);
  const minorities = new Map(
    [...groups].map(([group, all]) => {
      const failed = all.filter(({ outcome }) => outcome === 'failed').length;
      return [group, 2 * failed <= all.length ? 'failed' : 'passed'];
    }),
  );
  // Each flake counts by itself, as in the objective on their rate.
  const tally = startTally(FLAKE_PLAN.allowedShare, { mostInABurst: 1 });
  const tests = new Map<string, Counts>();
  for (const { test, outcome, group } of executions) {
    if (groups.get(group)?.length === 1) continue;
    const isFlake = outcome === minorities.get(group);
    addEvent(tally, isFlake);
    const counts = tests.get(test) ?? { executions: 0, flakes: 0 };
    tests.set(test, {
      executions: counts.executions + 1,
      flakes: counts.flakes + Number(isFlake),
    });
  }
  return {
    executions: tally.n,
    flakes: tally.bad,
    interval: tally.n === 0 ? [null, null] : shareBounds(tally, FLAKE_PLAN),
    verdict: shareTest(FLAKE_PLAN)(tally).verdict,
    needed: smallestToPass(FLAKE_PLAN, tally.bad),
    tests: [...tests]
      .map(([test, counts]) => ({ test, ...counts }))
      .filter(({ flakes }) => flakes > 0)
      .sort((a, b) => b.flakes / b.executions - a.flakes / a.executions),
  };
}
