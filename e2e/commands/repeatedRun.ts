import { z } from 'zod';

/** Of `summary.json`, what a table of many runs takes. */
const summary = z.object({
  verdict: z.string(),
  objectives: z.array(z.object({ verdict: z.string() })),
  harness: z.object({
    workloads: z.array(
      z.object({
        workload: z.string(),
        durationMs: z.number(),
        stolenShare: z.number().nullable(),
        stallMs: z.number().optional(),
        ownStallMs: z.number().nullish(),
      }),
    ),
  }),
});

type Stall = { workload: string; ms: number };

export type RepeatedRun = {
  name: string;
  seconds: number;
  /** `none`: the run left no summary that can be read. */
  verdict: string;
  met: number;
  missed: number;
  inconclusive: number;
  /** Of all workloads of the API, the one in which the harness stalled longest in all, stolen CPU time taken off. */
  worstStall: Stall | null;
  /** Share of the CPU time that other virtual machines took while something was measured. */
  stolenShare: number | null;
};

/** In these a browser or Lighthouse is at work, and times no request of the API. */
const IS_OF_PAGE = /page|visits|lighthouse/i;

/** What a run came to, from the text of its `summary.json`, null where it left none. */
export function readRun(text: string | null): Omit<RepeatedRun, 'name' | 'seconds'> {
  const parsed = summary.safeParse(parseJson(text));
  if (!parsed.success) {
    const counts = { met: 0, missed: 0, inconclusive: 0 };
    return { verdict: 'none', ...counts, worstStall: null, stolenShare: null };
  }
  const { verdict, objectives, harness } = parsed.data;
  const countOf = (name: string) => objectives.filter((one) => one.verdict === name).length;
  const stalls = harness.workloads
    .filter(({ workload }) => !IS_OF_PAGE.test(workload))
    .flatMap(({ workload, stallMs, ownStallMs }) => {
      const ms = ownStallMs ?? stallMs;
      return ms === undefined ? [] : [{ workload, ms }];
    });
  const known = harness.workloads.filter(({ stolenShare }) => stolenShare !== null);
  const totalMs = known.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const stolenMs = known.reduce(
    (sum, { durationMs, stolenShare }) => sum + durationMs * (stolenShare ?? 0),
    0,
  );
  return {
    verdict,
    met: countOf('pass'),
    missed: countOf('fail'),
    inconclusive: countOf('inconclusive'),
    worstStall: longestOf(stalls),
    stolenShare: totalMs === 0 ? null : stolenMs / totalMs,
  };
}

export const HEADING =
  'run     verdict       seconds  met  missed  inconclusive  stolen CPU  longest stall, in all';

export function rowOf({ name, verdict, seconds, ...run }: RepeatedRun): string {
  const { met, missed, inconclusive, worstStall, stolenShare } = run;
  return [
    name.padEnd(7),
    verdict.toUpperCase().padEnd(12),
    seconds.toFixed(0).padStart(8),
    `${met}`.padStart(4),
    `${missed}`.padStart(7),
    `${inconclusive}`.padStart(13),
    (stolenShare === null ? 'unknown' : `${(100 * stolenShare).toFixed(1)} %`).padStart(11),
    ` ${describeStall(worstStall)}`,
  ].join(' ');
}

/** One line for all runs. `planned`: how many there should have been. */
export function summarizeRuns(runs: readonly RepeatedRun[], planned: number): string {
  const passed = runs.filter(({ verdict }) => verdict === 'pass').length;
  const slowest = Math.max(0, ...runs.map(({ seconds }) => seconds));
  const stall = longestOf(runs.flatMap(({ worstStall }) => worstStall ?? []));
  const failed = runs.filter(({ verdict }) => verdict === 'fail').length;
  return `passed ${passed} of ${planned}, failed ${failed}; slowest ${slowest.toFixed(0)} s; longest stall ${describeStall(stall)}`;
}

function longestOf(stalls: readonly Stall[]): Stall | null {
  return stalls.toSorted((a, b) => b.ms - a.ms)[0] ?? null;
}

function describeStall(stall: Stall | null): string {
  return stall === null ? 'unknown' : `${stall.ms.toFixed(0)} ms (${stall.workload})`;
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
