import { percent } from './objective.ts';
import type { HarnessLine } from './recordLine.ts';

/** How verdicts take the harness into account, for whoever reads a report. */
export const HARNESS_RULE =
  'A fail stands only if it still fails without every bad answer that the harness, the AI mock or stolen CPU time could have made. They only add time, so a pass needs no such proof.';

/** What one workload's harness measured of itself: name and value with its unit, or `unknown`. */
export function describeHarness(line: HarnessLine): { name: string; value: string }[] {
  const ms = (value: number | null) => (value === null ? 'unknown' : `${value.toFixed(1)} ms`);
  const share = (value: number | null) => (value === null ? 'unknown' : percent(value, 2));
  return [
    { name: 'lateness of sends, P50', value: ms(line.lateP50Ms) },
    { name: 'lateness of sends, P99', value: ms(line.lateP99Ms) },
    { name: 'event-loop delay of the harness, P99', value: ms(line.eventLoopDelayP99Ms) },
    { name: 'lateness of the AI mock, P99', value: ms(line.modelLateP99Ms) },
    { name: 'CPU of the harness', value: share(line.cpuShare) },
    { name: 'stolen CPU time', value: share(line.stolenShare) },
  ];
}
