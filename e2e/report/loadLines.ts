import { alignRows } from '../core/alignedTable.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import {
  count,
  cpu,
  describeChecks,
  describeFailures,
  describeModel,
  type Load,
  type LoadResult,
  megabytes,
  milliseconds,
  perSecond,
} from './loadFigures.ts';
import { SEARCH_COLUMNS, searchRows } from './searchRows.ts';

/** Of tenants, those that waited longest; a summary has more of them. */
const MOST_TENANTS = 3;

/** A block of lines for each load: what was offered and achieved, the times, what failed, operation by operation, and the processes beside. */
export function loadLines(loads: Summary['loads']): string[] {
  return loads.flatMap((load) => [
    `${load.workload}: ${describeModel(load.result)}`,
    ...(load.steps.length > 0 ? linesOfSearch(load) : linesOfLoad(load)).map((line) => `  ${line}`),
  ]);
}

function linesOfLoad({ result, doubt, processes }: Load): string[] {
  const { n, warmUp, seconds, offeredPerSecond, achievedPerSecond } = result;
  const over = seconds === null ? '' : ` over ${seconds.toFixed(1)} s`;
  return [
    ...(doubt === null ? [] : [`says nothing of the target: ${doubt}`]),
    `offered ${perSecond(offeredPerSecond)}, achieved ${perSecond(achievedPerSecond)}${over}: n = ${count(n)}, after ${count(warmUp)} to warm up`,
    ...timeLines(result),
    describeFailures(result),
    ...partLines(result),
    describeChecks(result),
    ...alignRows(
      processes.map((one) => [
        one.process,
        `CPU ${cpu(one.cpuShare)}`,
        `resident ${megabytes(one.residentBytes)}`,
        `heap ${megabytes(one.heapUsedBytes)}`,
        `event-loop delay P99 ${milliseconds(one.eventLoopDelayP99Ms)}`,
      ]),
    ),
  ];
}

function timeLines({ late, response, service, own }: LoadResult): string[] {
  const rows = [
    { name: 'sent late', times: late, none: 'nothing was sent' },
    { name: 'response time', times: response, none: 'no answer' },
    { name: 'service time', times: service, none: 'no answer' },
    { name: 'own time', times: own, none: 'unknown' },
  ];
  return alignRows(
    rows.map(({ name, times, none }) =>
      times === null
        ? [name, none]
        : [
            name,
            `P50 ${milliseconds(times.p50Ms)}`,
            `P95 ${milliseconds(times.p95Ms)}`,
            `P99 ${milliseconds(times.p99Ms)}`,
            `max ${milliseconds(times.maxMs)}`,
          ],
    ),
  );
}

function partLines({ operations, tenants }: LoadResult): string[] {
  const { count: all, slowest } = tenants;
  const shown = all > 1 ? slowest.slice(0, MOST_TENANTS) : [];
  const rows = [...operations, ...shown].map(({ name, n, failed, response }) => [
    name,
    `n = ${count(n)}`,
    `${count(failed)} failed`,
    ...(response === null
      ? ['no answer']
      : [`P50 ${milliseconds(response.p50Ms)}`, `P95 ${milliseconds(response.p95Ms)}`]),
  ]);
  const lines = alignRows(rows);
  if (shown.length === 0) return lines;
  const rest = all > shown.length ? `, the slowest of ${count(all)}` : '';
  const at = operations.length;
  return [...lines.slice(0, at), `tenants${rest}:`, ...lines.slice(at)];
}

function linesOfSearch(load: Load): string[] {
  const rows = searchRows(load);
  const doubted = rows.filter(({ doubt }) => doubt !== null);
  return [
    ...alignRows([SEARCH_COLUMNS, ...rows.map(({ cells }) => cells)]),
    ...doubted.map(({ cells: [rate], doubt }) => `${rate} says nothing of the target: ${doubt}`),
    describeFailures(load.result),
    describeChecks(load.result),
  ];
}
