import { alignRows } from '../core/table.ts';
import { shortText } from '../core/terminalText.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { coreShare, milliseconds } from './describeSummary.ts';

export type Load = Summary['loads'][number];

/** The slowest tenants on the terminal; a summary has more of them. */
const MAX_TENANTS = 3;

/** A block of lines for each load: offered and achieved rate, times, failures, operations, tenants and processes. */
export function loadLines(loads: Summary['loads']): string[] {
  return loads.flatMap((load) => {
    const { model, failures, checks, doubts, search } = describeLoad(load);
    const lines =
      search === null
        ? [...doubts, ...linesOfResult(load), failures, ...partLines(load.result), checks]
        : [...alignRows([search.columns, ...search.rows]), ...doubts, failures, checks];
    const processes = search === null ? processLines(load) : [];
    return [`${load.workload}: ${model}`, ...[...lines, ...processes].map((line) => `  ${line}`)];
  });
}

function linesOfResult({ result }: Load): string[] {
  const { n, warmUp, seconds, offeredPerSecond, achievedPerSecond } = result;
  const over = seconds === null ? '' : ` over ${seconds.toFixed(1)} s`;
  return [
    `offered ${perSecond(offeredPerSecond)}, achieved ${perSecond(achievedPerSecond)}${over}: n = ${count(n)}, after ${count(warmUp)} to warm up`,
    ...timeLines(result),
  ];
}

function timeLines({ late, response, service, own }: Load['result']): string[] {
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

function partLines({ operations, tenants }: Load['result']): string[] {
  const { count: all, slowest } = tenants;
  const shown = all > 1 ? slowest.slice(0, MAX_TENANTS) : [];
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

function processLines({ processes }: Load): string[] {
  return alignRows(
    processes.map((one) => [
      one.process,
      `CPU ${coreShare(one.cpuShare)}`,
      `resident ${megabytes(one.residentBytes)}`,
      `heap ${megabytes(one.heapUsedBytes)}`,
      `event-loop delay P99 ${milliseconds(one.eventLoopDelayP99Ms)}`,
    ]),
  );
}

/** The texts and cells that every report of a load shows. `search` is null unless the load searches for the knee. */
export function describeLoad(load: Load) {
  const { result, steps, doubt } = load;
  const rows = steps.map((step) => searchRow(load, step));
  return {
    model: describeModel(result),
    failures: describeFailures(result),
    checks: describeChecks(result),
    doubts: [
      ...(doubt === null || steps.length > 0 ? [] : [`says nothing of the target: ${doubt}`]),
      ...steps.flatMap((step, at) =>
        step.doubt === null ? [] : [`${rows[at]?.[0]} says nothing of the target: ${step.doubt}`],
      ),
    ],
    search: steps.length === 0 ? null : { columns: SEARCH_COLUMNS, rows },
  };
}

const SEARCH_COLUMNS = [
  ...['rate', 'n', 'failed', 'response P95', 'own time P50', 'own time P95'],
  ...['CPU: target', 'model', 'harness'],
];

/** The CPU of each process beside the response time shows which of them is the bottleneck at the knee. */
function searchRow({ processes }: Load, step: Load['steps'][number]): string[] {
  const { n, failed, response, own } = step;
  const { ratePerSecond } = step.step;
  const cpuOf = (wanted: string) =>
    coreShare(
      processes.find((one) => one.process === wanted && one.ratePerSecond === ratePerSecond)
        ?.cpuShare,
    );
  return [
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
}

/** The workload model, and the rate that follows from it. */
function describeModel({ step: { model, ratePerSecond } }: Load['result']): string {
  switch (model) {
    case 'open':
      return `open workload model, ${ratePerSecond === null ? 'at a changing rate' : `${Number(ratePerSecond.toPrecision(3))}/s`}`;
    case 'closed':
      return 'closed workload model, whose rate follows the answers';
    case 'step':
      return 'open workload model, in steps of a search for the knee';
  }
}

/** Long enough to tell one failure from another. */
const MAX_FAILURE_LENGTH = 80;

/** `12 failed, 2 of them never sent: 10 × status 500, 2 × …`. */
function describeFailures({ failed, neverSent, failures, otherFailures }: Load['result']): string {
  if (failed === 0) return 'none failed';
  const kinds = [
    ...failures.map(({ failure, n }) => `${count(n)} × ${shortText(failure, MAX_FAILURE_LENGTH)}`),
    ...(otherFailures === 0 ? [] : [`${count(otherFailures)} others`]),
  ];
  const unsent = neverSent === 0 ? '' : `, ${count(neverSent)} of them never sent`;
  return `${count(failed)} failed${unsent}: ${kinds.join(', ')}`;
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? '' : 's'}`;
}

/** The results of the tenant checks, and the number of connections. */
function describeChecks({ isolation, connections }: Load['result']): string {
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

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `59.9/s` */
export function perSecond(rate: number | null): string {
  return rate === null ? 'unknown' : `${rate.toFixed(1)}/s`;
}

const BYTES_PER_MB = 1_000_000;

export function megabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}
