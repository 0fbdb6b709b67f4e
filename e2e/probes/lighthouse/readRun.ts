import { z } from 'zod';
import type { LighthouseCategory, LighthouseRun, TimespanRun } from './auditorProtocol.ts';

const fileRow = z.looseObject({ url: z.string(), totalBytes: z.number() });
const wasteRow = fileRow.extend({ wastedBytes: z.number() });
const blockingRow = fileRow.extend({ wastedMs: z.number().optional() });
const cacheRow = fileRow.extend({ cacheLifetimeMs: z.number() });
const requestRow = z.looseObject({
  url: z.string(),
  resourceType: z.string().optional(),
  /** -1 without network, for example for a script in a `blob:`. */
  transferSize: z.number().transform((bytes) => Math.max(0, bytes)),
  /** Negative without an answer. */
  statusCode: z.number(),
});
const observedRow = z.looseObject({
  observedFirstContentfulPaint: z.number(),
  observedLargestContentfulPaint: z.number(),
});
const shiftRow = z.looseObject({
  node: z.looseObject({ selector: z.string().optional() }).optional(),
  score: z.number(),
});

/**
 * Reads a navigation's result (LHR of Lighthouse 13, where `cache-insight` and `render-blocking-insight` replace `uses-long-cache-ttl`
 * and `render-blocking-resources`).
 * @throws Error with the name of a missing value: a run is complete or rejected
 */
export function readRun(
  lhr: unknown,
  { categories, durationMs }: { categories: readonly LighthouseCategory[]; durationMs: number },
): LighthouseRun {
  const report = readReport(lhr);
  const findings = findingsIn(report);
  return {
    scores: Object.fromEntries(categories.map((name) => [name, scoreOf(report, name)])),
    metrics: {
      fcpMs: numberOf(report, 'first-contentful-paint'),
      lcpMs: numberOf(report, 'largest-contentful-paint'),
      speedIndexMs: numberOf(report, 'speed-index'),
      ttiMs: numberOf(report, 'interactive'),
      tbtMs: numberOf(report, 'total-blocking-time'),
      cls: numberOf(report, 'cumulative-layout-shift'),
      ...observedIn(report),
      totalBytes: numberOf(report, 'total-byte-weight'),
      unusedScriptBytes: wasteOf(report, 'unused-javascript'),
      unusedStyleBytes: wasteOf(report, 'unused-css-rules'),
      scriptBytes: sum(findings.scripts.map(({ sizeBytes }) => sizeBytes)),
      largestScriptBytes: Math.max(0, ...findings.scripts.map(({ sizeBytes }) => sizeBytes)),
    },
    findings,
    durationMs,
    benchmarkIndex: report.environment.benchmarkIndex,
    warnings: report.runWarnings,
  };
}

function observedIn(
  report: LighthouseReport,
): Pick<LighthouseRun['metrics'], 'observedFcpMs' | 'observedLcpMs'> {
  // One row with all metrics, and one with their inputs.
  const [metrics] = rowsOf(report, 'metrics', z.unknown());
  const observed = observedRow.safeParse(metrics);
  if (!observed.success) {
    throw new Error(`the audit "metrics" has no such values: ${z.prettifyError(observed.error)}`);
  }
  const { observedFirstContentfulPaint, observedLargestContentfulPaint } = observed.data;
  return {
    observedFcpMs: observedFirstContentfulPaint,
    observedLcpMs: observedLargestContentfulPaint,
  };
}

function findingsIn(report: LighthouseReport): LighthouseRun['findings'] {
  const requests = rowsOf(report, 'network-requests', requestRow);
  const isLoaded = ({ statusCode }: z.infer<typeof requestRow>): boolean => statusCode > 0;
  return {
    renderBlocking: rowsOf(report, 'render-blocking-insight', blockingRow).map(
      ({ url, totalBytes, wastedMs }) => ({
        url,
        sizeBytes: totalBytes,
        delayMs: wastedMs ?? null,
      }),
    ),
    unused: wasted(report, ['unused-javascript', 'unused-css-rules']),
    unminified: wasted(report, ['unminified-javascript', 'unminified-css']),
    briefCache: rowsOf(report, 'cache-insight', cacheRow).map(
      ({ url, totalBytes, cacheLifetimeMs }) => ({
        url,
        sizeBytes: totalBytes,
        lifetimeMs: cacheLifetimeMs,
      }),
    ),
    notLoaded: requests.filter((request) => !isLoaded(request)).map(({ url }) => url),
    scripts: requests
      .filter((request) => request.resourceType === 'Script' && isLoaded(request))
      .map(({ url, transferSize }) => ({ url, sizeBytes: transferSize }))
      .sort((a, b) => b.sizeBytes - a.sizeBytes),
    layoutShifts: rowsOf(report, 'layout-shifts', shiftRow)
      .map(({ node, score }) => ({ element: node?.selector ?? null, shift: score }))
      .sort((a, b) => b.shift - a.shift),
  };
}

function wasted(report: LighthouseReport, ids: string[]): LighthouseRun['findings']['unused'] {
  return ids
    .flatMap((id) => rowsOf(report, id, wasteRow))
    .map(({ url, totalBytes, wastedBytes }) => ({ url, sizeBytes: totalBytes, wastedBytes }))
    .sort((a, b) => b.wastedBytes - a.wastedBytes);
}

function wasteOf(report: LighthouseReport, id: string): number {
  return sum(rowsOf(report, id, wasteRow).map(({ wastedBytes }) => wastedBytes));
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Reads a timespan's result (LHR of Lighthouse 13). @throws Error with the name of a missing value */
export function readTimespan(lhr: unknown, durationMs: number): TimespanRun {
  const report = readReport(lhr);
  return {
    inpMs: numberIfAny(report, 'interaction-to-next-paint'),
    tbtMs: numberOf(report, 'total-blocking-time'),
    cls: numberOf(report, 'cumulative-layout-shift'),
    durationMs,
    warnings: report.runWarnings,
  };
}

const audit = z.looseObject({
  scoreDisplayMode: z.string(),
  numericValue: z.number().optional(),
  errorMessage: z.string().optional(),
  details: z.unknown().optional(),
});

/** The part of a Lighthouse result that we read; its results do not keep all that Lighthouse's own types promise. */
const lighthouseReport = z.looseObject({
  runtimeError: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  runWarnings: z.array(z.string()),
  environment: z.looseObject({ benchmarkIndex: z.number() }),
  categories: z.record(z.string(), z.looseObject({ score: z.number().nullable() })),
  audits: z.record(z.string(), audit),
});
type LighthouseReport = z.infer<typeof lighthouseReport>;
type Audit = z.infer<typeof audit>;

/** @throws Error with Lighthouse's code, for example NO_FCP, if the run failed */
function readReport(lhr: unknown): LighthouseReport {
  const report = lighthouseReport.parse(lhr);
  if (report.runtimeError === undefined) return report;
  throw new Error(`${report.runtimeError.code}: ${report.runtimeError.message}`);
}

/** @throws Error with the name of an audit that has no number: a missing value is not 0 */
function numberOf(report: LighthouseReport, id: string): number {
  const { numericValue } = auditOf(report, id);
  if (numericValue === undefined) throw new Error(`the audit "${id}" has no value`);
  return numericValue;
}

/** Like `numberOf`, but null if the audit had nothing to measure. */
function numberIfAny(report: LighthouseReport, id: string): number | null {
  const isMeasured = auditOf(report, id).scoreDisplayMode !== 'notApplicable';
  return isMeasured ? numberOf(report, id) : null;
}

/** The rows of an audit's table; none if the audit does not apply to the page. @throws Error with the name of the audit */
function rowsOf<T>(report: LighthouseReport, id: string, row: z.ZodType<T>): T[] {
  const { scoreDisplayMode, details } = auditOf(report, id);
  if (scoreDisplayMode === 'notApplicable') return [];
  const result = z.looseObject({ items: z.array(row) }).safeParse(details);
  if (result.success) return result.data.items;
  throw new Error(`the audit "${id}" has another table: ${z.prettifyError(result.error)}`);
}

/** 0–1. @throws Error with the name of a category without a score */
function scoreOf(report: LighthouseReport, category: string): number {
  const score = report.categories[category]?.score;
  if (score === undefined || score === null) {
    throw new Error(`the category "${category}" has no score`);
  }
  return score;
}

function auditOf(report: LighthouseReport, id: string): Audit {
  const found = report.audits[id];
  if (found === undefined) throw new Error(`there is no audit "${id}"`);
  if (found.scoreDisplayMode !== 'error') return found;
  throw new Error(`the audit "${id}" failed: ${found.errorMessage ?? 'no reason given'}`);
}
