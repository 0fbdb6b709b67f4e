import { z } from 'zod';
import { numberIfAny, numberOf, readReport } from './readAudits.ts';

/** What the steps of a flow cost the person who took them. */
export const timespanRun = z.strictObject({
  /** Lab INP of the interactions of this timespan; null where there was none. */
  inpMs: z.number().nonnegative().nullable(),
  tbtMs: z.number().nonnegative(),
  cls: z.number().nonnegative(),
  /** How long the steps took. */
  durationMs: z.number().nonnegative(),
  warnings: z.array(z.string()),
});
export type TimespanRun = z.infer<typeof timespanRun>;

/** What is kept of a timespan's result (LHR of Lighthouse 13). @throws Error that names what is missing */
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
