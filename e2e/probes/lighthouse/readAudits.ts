import { z } from 'zod';

const audit = z.looseObject({
  scoreDisplayMode: z.string(),
  numericValue: z.number().optional(),
  errorMessage: z.string().optional(),
  details: z.unknown().optional(),
});

/** The part of a Lighthouse result that is read; Lighthouse's own types promise more than its results keep. */
const lighthouseReport = z.looseObject({
  runtimeError: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  runWarnings: z.array(z.string()),
  environment: z.looseObject({ benchmarkIndex: z.number() }),
  categories: z.record(z.string(), z.looseObject({ score: z.number().nullable() })),
  audits: z.record(z.string(), audit),
});
export type LighthouseReport = z.infer<typeof lighthouseReport>;
type Audit = z.infer<typeof audit>;

/** The report of a run that came to an end. @throws Error with Lighthouse's code, such as NO_FCP, for one that did not */
export function readReport(lhr: unknown): LighthouseReport {
  const report = lighthouseReport.parse(lhr);
  if (report.runtimeError === undefined) return report;
  throw new Error(`${report.runtimeError.code}: ${report.runtimeError.message}`);
}

/** The number of an audit. @throws Error that names the audit where it has none: a missing value is not 0 */
export function numberOf(report: LighthouseReport, id: string): number {
  const { numericValue } = auditOf(report, id);
  if (numericValue === undefined) throw new Error(`the audit "${id}" has no value`);
  return numericValue;
}

/** As `numberOf`, and null where the audit says that there was nothing to measure. */
export function numberIfAny(report: LighthouseReport, id: string): number | null {
  const isMeasured = auditOf(report, id).scoreDisplayMode !== 'notApplicable';
  return isMeasured ? numberOf(report, id) : null;
}

/** The rows of an audit's table; none where the audit does not apply to the page. @throws Error that names the audit */
export function rowsOf<T>(report: LighthouseReport, id: string, row: z.ZodType<T>): T[] {
  const { scoreDisplayMode, details } = auditOf(report, id);
  if (scoreDisplayMode === 'notApplicable') return [];
  const result = z.looseObject({ items: z.array(row) }).safeParse(details);
  if (result.success) return result.data.items;
  throw new Error(`the audit "${id}" has another table: ${z.prettifyError(result.error)}`);
}

/** 0–1. @throws Error that names the category where Lighthouse gave it no score */
export function scoreOf(report: LighthouseReport, category: string): number {
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
