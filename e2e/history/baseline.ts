import { z } from 'zod';
import { HarnessError } from '../core/harnessError.ts';
import { environmentSchema, type RunEnvironment } from '../core/record/runEnvironment.ts';
import { FEWEST_BASELINE_RUNS } from '../core/statistics/compareWithBaseline.ts';
import type { HistoryEntry } from './historyEntry.ts';

/** The medians of one figure in accepted runs. */
const acceptedRuns = z.strictObject({
  /** Day of the last of them. */
  until: z.iso.date(),
  commits: z.array(z.string()).min(1),
  values: z.array(z.number().positive()).min(FEWEST_BASELINE_RUNS),
});

/** For each figure, the medians of the runs that were accepted first and last. The first ones stay: a slow creep shows against them alone. */
export const baselineSchema = z.strictObject({
  schemaVersion: z.literal(1),
  target: z.string(),
  environment: environmentSchema,
  figures: z.record(
    z.string(),
    z.strictObject({ unit: z.string(), oldest: acceptedRuns, latest: acceptedRuns }),
  ),
});

export type Baseline = z.infer<typeof baselineSchema>;
type AcceptedRuns = z.infer<typeof acceptedRuns>;

type Acceptance = {
  target: string;
  /** Where the baseline is stored, for error messages. */
  file: string;
  /** The figures that a regression can be judged by. */
  figureIds: readonly string[];
  /** Runs of each figure. */
  runs: number;
  allowChanges: boolean;
};

type Accepted = {
  baseline: Baseline;
  /** The runs that the latest values come from, in order. */
  runs: HistoryEntry[];
  /** Why other runs of the target, since the first of these, do not count. */
  leftOut: string[];
};

/**
 * Makes a baseline of the latest runs of a history that passed in the environment of the last one, for each figure those of the same tests.
 * Of an existing baseline the oldest runs stay. @throws HarnessError BASELINE_INVALID
 */
export function acceptBaseline(
  history: readonly HistoryEntry[],
  existing: Baseline | null,
  { target, file, figureIds, runs: count, allowChanges }: Acceptance,
): Accepted {
  const refuse = (found: string, expected: string, remedy: string, path?: string) =>
    new HarnessError({
      code: 'BASELINE_INVALID',
      summary: `No baseline of ${target} was accepted, and ${file} was not changed.`,
      file,
      ...(path === undefined ? {} : { path }),
      ...{ found, expected, remedy },
    });
  const mine = history.filter((run) => run.target === target);
  const last = mine.findLast(({ verdict, environment }) => verdict === 'pass' && environment);
  const environment = last?.environment ?? null;
  const listLeftOut = (some: readonly HistoryEntry[], used: readonly HistoryEntry[]): string[] => {
    const others = some.filter((run) => !used.includes(run));
    const reasons = Map.groupBy(others, (run) => whyLeftOut(run, environment) ?? OTHER_FIGURES);
    return [...reasons].map(([why, those]) => `${those.length} ${why}`);
  };
  const alike = mine.filter((run) => whyLeftOut(run, environment) === null);
  const candidates = figureIds.map((id) => {
    const measured = alike.filter(({ figures }) => (findFigure(figures, id)?.median ?? 0) > 0);
    // A part of the tests leaves code colder than all of them, so only runs of the same tests are alike.
    const tests = listFigures(measured.at(-1));
    return { id, runs: measured.filter((run) => listFigures(run) === tests).slice(-count) };
  });
  const complete = candidates.filter(({ runs }) => runs.length === count);
  if (environment === null || complete.length === 0) {
    const most = Math.max(0, ...candidates.map(({ runs }) => runs.length));
    const used = candidates.find(({ runs }) => runs.length === most)?.runs ?? [];
    const others = listLeftOut(mine, used);
    throw refuse(
      `${most} passed ${most === 1 ? 'run' : 'runs'} of one environment${others.length === 0 ? '' : `; left out: ${others.join(', ')}`}`,
      `at least ${count} that measured the same figures`,
      `Measure more: PERF_HISTORY=<file> npm run repeat -- --runs ${count}.`,
    );
  }
  if (existing !== null && !isSameEnvironment(existing.environment, environment)) {
    throw refuse(
      `runs of another environment (${describeOther(existing.environment, environment)})`,
      'the environment of the oldest baseline, since runs of two cannot be compared',
      `Delete ${file} to start anew, and accept again.`,
      'environment',
    );
  }
  const runs = alike.filter((run) => complete.some((one) => one.runs.includes(run)));
  const changed = runs.filter(({ commit }) => commit === null || commit.endsWith('+changes'));
  if (changed.length > 0 && !allowChanges) {
    throw refuse(
      `${changed.length} of ${runs.length} runs with uncommitted changes, or of no known commit`,
      'runs of commits, so that it can be seen later what was measured',
      'Commit and measure again, or accept them with --allow-changes.',
    );
  }
  const figures: Baseline['figures'] = { ...existing?.figures };
  for (const { id, runs: measured } of complete) {
    const known = figures[id];
    const found = measured.flatMap((run) => findFigure(run.figures, id) ?? []);
    const [unit = '', ...others] = new Set(
      [known?.unit ?? [], found.map((one) => one.unit)].flat(),
    );
    if (others.length > 0) {
      throw refuse(
        [unit, ...others].join(' and '),
        'one unit',
        `Delete ${file} to start anew with runs of one unit.`,
        `figures → "${id}" → unit`,
      );
    }
    const latest: AcceptedRuns = {
      until: measured.at(-1)?.startedAt.slice(0, 10) ?? '',
      commits: listCommits(measured),
      values: found.map(({ median }) => Number(median.toPrecision(4))),
    };
    figures[id] = { unit, oldest: known?.oldest ?? latest, latest };
  }
  const since = mine.slice(mine.indexOf(runs[0] as HistoryEntry));
  const baseline: Baseline = { schemaVersion: 1, target, environment, figures };
  return { baseline, runs, leftOut: listLeftOut(since, runs) };
}

export function listCommits(runs: readonly HistoryEntry[]): string[] {
  const short = runs.map(({ commit }) => commit?.replace(/^([0-9a-f]{10})[0-9a-f]*/, '$1'));
  return [...new Set(short.map((commit) => commit ?? 'unknown'))];
}

/** `its cpu A, now B`. */
export function describeOther(before: RunEnvironment, now: RunEnvironment): string {
  const { fingerprint: _, ...parts } = before;
  return Object.keys(parts)
    .map((key) => key as keyof typeof parts)
    .filter((key) => before[key] !== now[key])
    .map((key) => `its ${key} ${before[key] ?? 'none'}, now ${now[key] ?? 'none'}`)
    .join('; ');
}

export function isSameEnvironment(
  one: RunEnvironment | null,
  other: RunEnvironment | null,
): boolean {
  return one !== null && one.fingerprint === other?.fingerprint;
}

function listFigures(run: HistoryEntry | undefined): string {
  return run?.figures.map(({ id }) => id).join() ?? '';
}

function findFigure(figures: HistoryEntry['figures'], id: string) {
  return figures.find((figure) => figure.id === id);
}

const OTHER_FIGURES = 'that measured other figures';

/** Why a run does not count; null if it does. */
function whyLeftOut(run: HistoryEntry, environment: RunEnvironment | null): string | null {
  if (run.verdict !== 'pass') return 'failed or inconclusive';
  if (run.environment === null) return 'of an unknown environment';
  return isSameEnvironment(run.environment, environment) ? null : 'of another environment';
}
