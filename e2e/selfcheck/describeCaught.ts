import type { RunRecord } from '../core/record/runRecord.ts';
import type { Judgement } from '../core/verdict/judgement.ts';

/** Type of the annotations that the table of the selfcheck is made from. */
export const CAUGHT = 'caught by';

/** For each verdict that is red, an annotation of a test: which it is, by how many events, and after how long. */
export function describeCaught(
  red: Judgement[],
  record: RunRecord,
): { type: string; description: string }[] {
  return red.map(({ id, n }) => ({
    type: CAUGHT,
    description: `${id}  n = ${n}  ${secondsOf(id, record)}`,
  }));
}

/** From the start of the workload that shows it to its end, which comes once all that it serves is clear. */
function secondsOf(id: string, { run, workloads }: RunRecord): string {
  const objective = run.objectives.find((one) => one.id === id);
  const mine = workloads.filter((line) => {
    if (objective?.workload !== null) return line.workload === objective?.workload;
    return true;
  });
  const times = mine.map(({ atMs }) => atMs);
  if (times.length === 0) return 'time unknown';
  return `${((Math.max(...times) - Math.min(...times)) / 1000).toFixed(1)} s`;
}
