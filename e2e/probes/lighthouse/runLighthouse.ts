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

/** Several navigations to one page. */
type LighthouseResult = {
  tools: AuditorTools;
  /** Number of runs. */
  n: number;
  runs: LighthouseRun[];
  /**
   * The run that stands for all, the one of `reportPath`: by Lighthouse's `computeMedianRun` the nearest to both the median of FCP and that of TTI.
   * Its other values need not be medians; those are in `metrics` and `scores`.
   */
  median: LighthouseRun;
  metrics: Record<LighthouseMetric, Spread>;
  scores: Partial<Record<LighthouseCategory, Spread>>;
  reportPath: string;
};

/**
 * Audits a page by Lighthouse in a child process, each time in a new browser with an empty profile.
 * @throws RangeError for a number of runs that is not odd; HarnessError LIGHTHOUSE_FAILED where any run lacks a value, naming it
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
  const wanted = { kind: 'navigations', runs: n } as const;
  const { tools, runs, medianIndex } = await askAuditor(options, wanted, navigationsAnswer);
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

/** Every run has the keys of the first: the same order was carried out. */
function spreads<Key extends string>(records: Partial<Record<Key, number>>[]): Record<Key, Spread> {
  const keys = Object.keys(records[0] ?? {}) as Key[];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      // A value that a run lacks is not a finite number and is refused by the median.
      spreadOf(records.map((record) => record[key] ?? Number.NaN)),
    ]),
  ) as Record<Key, Spread>;
}

type UserFlowOptions = AuditOptions & {
  /** A script that calls `serveAuditor` with `interact`. */
  pageScript: string;
};

/** One navigation and what was done on the page afterwards. Once: its values are single observations. */
export type UserFlowResult = {
  tools: AuditorTools;
  navigation: LighthouseRun;
  timespan: TimespanRun;
  reportPath: string;
};

/**
 * Has Lighthouse audit a navigation and then a timespan, in which `interact` of the page script acts in the same tab.
 * @throws HarnessError LIGHTHOUSE_FAILED where a value is missing, naming it, or where the steps fail
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
