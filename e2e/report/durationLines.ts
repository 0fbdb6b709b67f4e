import { alignRows } from '../core/alignedTable.ts';
import { percent } from '../core/budget/objective.ts';
import type { RunDurations } from '../core/record/runDurations.ts';

const HEAD = ['', 'began at', 'took', 'counted', 'of the run', 'requests', ''];

/** Where the time of a run went, a line for each workload and each kind of rest; what is counted adds up to the run. */
export function durationLines({ durationMs, workloads, rest }: RunDurations): string[] {
  const row = (name: string, countedMs: number): string[] => [
    name,
    '',
    '',
    seconds(countedMs),
    durationMs === 0 ? '' : percent(countedMs / durationMs, 2),
    '',
  ];
  const rows = [
    row('before the first workload (set-up)', rest.beforeMs),
    ...workloads.map((one) => {
      const [name = '', , , counted = '', share = ''] = row(one.workload, one.countedMs);
      const requests = one.requests.toLocaleString('en-US');
      const beside =
        one.beside.length === 0
          ? ''
          : `beside ${one.beside.length} other${one.beside.length === 1 ? '' : 's'}`;
      const took = [seconds(one.fromMs), seconds(one.durationMs)];
      return [name, ...took, counted, share, requests, beside];
    }),
    row('between workloads (tests, browser starts)', rest.betweenMs),
    row('after the last workload (tests, report)', rest.afterMs),
    row('run', durationMs),
  ];
  const lines = alignRows([HEAD, ...rows], { right: (column) => column > 0 && column < 6 });
  const isShared = workloads.some(({ beside }) => beside.length > 0);
  return isShared ? [...lines, SHARED] : lines;
}

const SHARED =
  'Workloads that ran side by side share the time they had in common evenly, as counted.';

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
