import { median } from '../../core/statistics/quantile.ts';
import { type AuditOptions, askAuditor } from './askAuditor.ts';
import {
  type AuditorTools,
  flowAnswer,
  type LighthouseCategory,
  type LighthouseMetric,
  type LighthouseRun,
  navigationsAnswer,
  type TimespanRun,
} from './auditorProtocol.ts';

type LighthouseOptions = AuditOptions & {
  /** Odd, so that one run is the median. */
  runs: number;
};

/** Several audits of one navigation. */
type LighthouseResult = {
  tools: AuditorTools;
  /** Number of runs. */
  n: number;
  runs: LighthouseRun[];
  /**
   * The run of `reportPath`: by Lighthouse's `computeMedianRun` the nearest to the medians of FCP and TTI. Its other values need not be
   * medians; these are in `metrics` and `scores`.
   */
  median: LighthouseRun;
  metrics: Record<LighthouseMetric, Spread>;
  scores: Partial<Record<LighthouseCategory, Spread>>;
  reportPath: string;
};

/**
 * Audits a page with Lighthouse in a child process, each run in a new browser with an empty profile.
 * @throws RangeError for an even number of runs; HarnessError LIGHTHOUSE_FAILED with the name of a missing value
 */
export async function runLighthouse({
  runs: n,
  ...options
}: LighthouseOptions): Promise<LighthouseResult> {
  if (!Number.isInteger(n) || n % 2 !== 1 || n < 1) {
    throw new RangeError(
      `Lighthouse's runs must be an odd number, not ${n}: one of them is the median`,
    );
  }
  const kind = { kind: 'navigations', runs: n } as const;
  const { tools, runs, medianIndex } = await askAuditor(options, kind, navigationsAnswer);
  const median = runs[medianIndex];
  if (median === undefined || runs.length !== n) {
    throw new Error(`${runs.length} runs came back of ${n}, the median being ${medianIndex}`);
  }
  return {
    tools,
    n,
    runs,
    median,
    metrics: spreads(runs.map(({ metrics }) => metrics)),
    scores: spreads(runs.map(({ scores }) => scores)),
    reportPath: options.reportPath,
  };
}

/** All runs have the same keys: they carried out the same order. */
function spreads<Key extends string>(records: Partial<Record<Key, number>>[]): Record<Key, Spread> {
  const keys = Object.keys(records[0] ?? {}) as Key[];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      // `median` rejects a missing value, since NaN is not finite.
      spreadOf(records.map((record) => record[key] ?? Number.NaN)),
    ]),
  ) as Record<Key, Spread>;
}

type UserFlowOptions = AuditOptions & {
  /** Path of a script that calls `serveAuditor` with `interact`. */
  pageScript: string;
};

/** One navigation and the steps after it. Its values are single observations. */
export type UserFlowResult = {
  tools: AuditorTools;
  navigation: LighthouseRun;
  timespan: TimespanRun;
  reportPath: string;
};

/**
 * Audits a navigation and then a timespan, in which `interact` of the page script acts in the same tab.
 * @throws HarnessError LIGHTHOUSE_FAILED with the name of a missing value, or if the steps fail
 */
export async function runUserFlow(options: UserFlowOptions): Promise<UserFlowResult> {
  const answer = await askAuditor(options, { kind: 'flow' }, flowAnswer);
  return { ...answer, reportPath: options.reportPath };
}

/** Smallest, middle and largest of the values of several runs. */
type Spread = { min: number; median: number; max: number };

/** @throws RangeError for no values */
function spreadOf(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
}
