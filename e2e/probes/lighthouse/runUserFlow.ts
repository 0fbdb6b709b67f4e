import { askAuditor } from './askAuditor.ts';
import type { AuditOptions } from './auditOptions.ts';
import { type AuditorTools, flowAnswer } from './auditorProtocol.ts';
import type { LighthouseRun } from './lighthouseRun.ts';
import type { TimespanRun } from './timespanRun.ts';

export type UserFlowOptions = AuditOptions & {
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
