import { alignRows } from '../core/alignedTable.ts';
import { percent } from '../core/budget/objective.ts';
import { shortText } from '../core/shortText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

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

export const SEARCH_COLUMNS = [
  'rate',
  'n',
  'failed',
  'response P95',
  'own time P50',
  'own time P95',
  'CPU: target',
  'model',
  'harness',
];

/** A row for each step of a search: whose CPU is spent where the response times rise tells whose knee it is. */
export function searchRows({
  steps,
  processes,
}: Load): { cells: string[]; doubt: string | null }[] {
  return steps.map(({ step: { ratePerSecond }, n, failed, response, own, doubt }) => {
    const cpuOf = (wanted: string) =>
      cpu(
        processes.find((one) => one.process === wanted && one.ratePerSecond === ratePerSecond)
          ?.cpuShare,
      );
    const cells = [
      ratePerSecond === null ? 'unknown' : `${Number(ratePerSecond.toPrecision(4))}/s`,
      count(n),
      count(failed),
      response === null ? 'no answer' : milliseconds(response.p95Ms),
      milliseconds(own?.p50Ms),
      milliseconds(own?.p95Ms),
      cpuOf('target'),
      cpuOf('model'),
      cpuOf('harness'),
    ];
    return { cells, doubt };
  });
}

export type Load = Summary['loads'][number];
export type LoadResult = Load['result'];

const BYTES_PER_MB = 1_000_000;
/** Enough to tell one failure from another. */
const MOST_CHARACTERS = 80;

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

export function milliseconds(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? 'unknown' : `${ms.toFixed(1)} ms`;
}

/** `59.9/s` */
export function perSecond(rate: number | null): string {
  return rate === null ? 'unknown' : `${rate.toFixed(1)}/s`;
}

export function cpu(share: number | null | undefined): string {
  return share === null || share === undefined ? 'unknown' : percent(share, 3);
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}

/** The workload model in a few words, with what follows from it for the rate. */
export function describeModel({ step: { model, ratePerSecond } }: LoadResult): string {
  switch (model) {
    case 'open':
      return `open workload model, ${ratePerSecond === null ? 'at a changing rate' : `${Number(ratePerSecond.toPrecision(3))}/s`}`;
    case 'closed':
      return 'closed workload model, whose rate follows the answers';
    case 'step':
      return 'open workload model, in steps of a search for the knee';
  }
}

/** `12 failed, 2 of them never sent: 10 × status 500, 2 × …`; what a target said is cut. */
export function describeFailures({
  failed,
  neverSent,
  failures,
  otherFailures,
}: LoadResult): string {
  if (failed === 0) return 'none failed';
  const kinds = [
    ...failures.map(({ failure, n }) => `${count(n)} × ${shortText(failure, MOST_CHARACTERS)}`),
    ...(otherFailures === 0 ? [] : [`${count(otherFailures)} others`]),
  ];
  const unsent = neverSent === 0 ? '' : `, ${count(neverSent)} of them never sent`;
  return `${count(failed)} failed${unsent}: ${kinds.join(', ')}`;
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? '' : 's'}`;
}

/** What came of the checks of each answer, and how many connections it took. */
export function describeChecks({ isolation, connections }: LoadResult): string {
  const { checked, foreign } = isolation;
  const owners =
    checked === 0
      ? 'no answer checked for its tenant'
      : `${counted(checked, 'answer')} checked for their tenant, ${foreign === 0 ? 'none' : count(foreign)} foreign`;
  const opened =
    connections === null
      ? 'connections unknown'
      : `${counted(connections.opened, 'connection')} opened for ${counted(connections.n, 'request')}`;
  return `${owners}; ${opened}`;
}
