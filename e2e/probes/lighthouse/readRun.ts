import { z } from 'zod';

/** Lighthouse's categories; `performance` is always measured. */
export type LighthouseCategory = 'performance' | 'accessibility' | 'best-practices';

export type LighthouseRun = {
  /** 0–1 for each requested category. */
  scores: Partial<Record<LighthouseCategory, number>>;
  /** Simulated, which ignores timers, slow answers of single files and images of low priority. */
  lcpMs: number;
  tbtMs: number;
  cls: number;
  /** Observed on this machine, without throttling. */
  observedLcpMs: number;
  /** All transferred bytes, headers included. */
  totalBytes: number;
  /** Leaves out scripts with 20 KiB or less unused, and style sheets with 10 KiB or less. */
  unusedBytes: number;
  /** URLs without an answer. */
  notLoaded: string[];
};

export type TimespanRun = {
  /** Lab INP of the interactions of this timespan; null without one. */
  inpMs: number | null;
  tbtMs: number;
  cls: number;
};

const wasteRow = z.object({ wastedBytes: z.number().nonnegative() });
/** The status is negative without an answer. */
const requestRow = z.object({ url: z.string(), statusCode: z.number() });
const metricsRow = z.object({
  observedLargestContentfulPaint: z.number().nonnegative().optional(),
});

/**
 * Reads a navigation's result (LHR of Lighthouse 13).
 * @throws Error with the name of a missing value: a run is complete or rejected
 */
export function readRun(lhr: unknown, categories: readonly LighthouseCategory[]): LighthouseRun {
  const report = readReport(lhr);
  // One row with all metrics, and one with their inputs.
  const [metrics] = readRows(report, 'metrics', metricsRow);
  const observedLcpMs = metrics?.observedLargestContentfulPaint;
  if (observedLcpMs === undefined) throw new Error('the audit "metrics" has no observed LCP');
  const requests = readRows(report, 'network-requests', requestRow);
  return {
    scores: Object.fromEntries(categories.map((name) => [name, readScore(report, name)])),
    lcpMs: readNumber(report, 'largest-contentful-paint'),
    tbtMs: readNumber(report, 'total-blocking-time'),
    cls: readNumber(report, 'cumulative-layout-shift'),
    observedLcpMs,
    totalBytes: readNumber(report, 'total-byte-weight'),
    unusedBytes: sumWaste(report, 'unused-javascript') + sumWaste(report, 'unused-css-rules'),
    notLoaded: requests.filter(({ statusCode }) => statusCode <= 0).map(({ url }) => url),
  };
}

function sumWaste(report: LighthouseReport, id: string): number {
  return readRows(report, id, wasteRow).reduce((sum, { wastedBytes }) => sum + wastedBytes, 0);
}

/** Reads a timespan's result (LHR of Lighthouse 13). @throws Error with the name of a missing value */
export function readTimespan(lhr: unknown): TimespanRun {
  const report = readReport(lhr);
  const isMeasured =
    findAudit(report, 'interaction-to-next-paint').scoreDisplayMode !== 'notApplicable';
  return {
    inpMs: isMeasured ? readNumber(report, 'interaction-to-next-paint') : null,
    tbtMs: readNumber(report, 'total-blocking-time'),
    cls: readNumber(report, 'cumulative-layout-shift'),
  };
}

const audit = z.object({
  scoreDisplayMode: z.string(),
  numericValue: z.number().optional(),
  errorMessage: z.string().optional(),
  details: z.unknown().optional(),
});

/** The part of a Lighthouse result that is read. Results lack some of what Lighthouse's own types promise. */
const lighthouseReport = z.object({
  runtimeError: z.object({ code: z.string(), message: z.string() }).optional(),
  categories: z.record(z.string(), z.object({ score: z.number().nullable() })),
  audits: z.record(z.string(), audit),
});
type LighthouseReport = z.infer<typeof lighthouseReport>;

/** @throws Error with Lighthouse's code, for example NO_FCP, if the run failed */
function readReport(lhr: unknown): LighthouseReport {
  const report = lighthouseReport.parse(lhr);
  if (report.runtimeError === undefined) return report;
  throw new Error(`${report.runtimeError.code}: ${report.runtimeError.message}`);
}

/** @throws Error with the name of an audit that has no number: a missing value is not 0 */
function readNumber(report: LighthouseReport, id: string): number {
  const { numericValue } = findAudit(report, id);
  if (numericValue === undefined || numericValue < 0) {
    throw new Error(`the audit "${id}" has no value`);
  }
  return numericValue;
}

/** The rows of an audit's table; none if the audit does not apply to the page. @throws Error with the name of the audit */
function readRows<T>(report: LighthouseReport, id: string, row: z.ZodType<T>): T[] {
  const { scoreDisplayMode, details } = findAudit(report, id);
  if (scoreDisplayMode === 'notApplicable') return [];
  const result = z.object({ items: z.array(row) }).safeParse(details);
  if (result.success) return result.data.items;
  throw new Error(`the audit "${id}" has another table: ${z.prettifyError(result.error)}`);
}

/** 0–1. @throws Error with the name of a category without a score */
function readScore(report: LighthouseReport, category: string): number {
  const score = report.categories[category]?.score;
  if (score === undefined || score === null) {
    throw new Error(`the category "${category}" has no score`);
  }
  return score;
}

function findAudit(report: LighthouseReport, id: string): z.infer<typeof audit> {
  const found = report.audits[id];
  if (found === undefined) throw new Error(`there is no audit "${id}"`);
  if (found.scoreDisplayMode !== 'error') return found;
  throw new Error(`the audit "${id}" failed: ${found.errorMessage ?? 'no reason given'}`);
}
