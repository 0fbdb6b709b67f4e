import type { Table } from '../core/table.ts';
import { shortText } from '../core/terminalText.ts';
import { formatCount } from '../core/verdict/format.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { coreShare, counted, milliseconds } from './describeSummary.ts';

type Load = Summary['loads'][number];

/**
 * A load as every report shows it: its workload model, and blocks of lines or tables with rates, times, failures, operations, tenants
 * and processes. A search for the knee has a table of its steps instead.
 * @param maxTenants most tenants to show, the slowest first
 */
export function describeLoad(
  load: Load,
  maxTenants = Number.POSITIVE_INFINITY,
): { model: string; blocks: (string[] | Table)[] } {
  const { result, steps } = load;
  const model = describeModel(result);
  const failures = describeFailures(result);
  const checks = describeChecks(result);
  const doubts = describeDoubts(load);
  const blocks =
    steps.length > 0
      ? [searchTable(load), [...doubts, failures, checks]]
      : [
          [...doubts, describeRates(result)],
          timesTable(result),
          [failures],
          partsTable('operation', result.operations),
          tenantsTable(result, maxTenants),
          [checks],
          processesTable(load),
        ];
  return { model, blocks };
}

function describeRates({ n, warmUp, seconds, ...result }: Load['result']): string {
  const over = seconds === null ? '' : ` over ${seconds.toFixed(1)} s`;
  const rates = `offered ${perSecond(result.offeredPerSecond)}, achieved ${perSecond(result.achievedPerSecond)}`;
  return `${rates}${over}: n = ${formatCount(n)}, after ${formatCount(warmUp)} to warm up`;
}

function timesTable({ late, response, service, own }: Load['result']): Table {
  const row = (name: string, times: typeof late, none: string) =>
    times === null
      ? [name, none]
      : [name, ...[times.p50Ms, times.p95Ms, times.p99Ms, times.maxMs].map(milliseconds)];
  return {
    head: ['', 'P50', 'P95', 'P99', 'max'],
    rows: [
      row('sent late', late, 'nothing was sent'),
      row('response time', response, 'no answer'),
      row('service time', service, 'no answer'),
      row('own time', own, 'unknown'),
    ],
  };
}

function tenantsTable({ tenants: { count: all, slowest } }: Load['result'], max: number): Table {
  const shown = all > 1 ? slowest.slice(0, max) : [];
  const rest = all > shown.length ? `, the slowest of ${formatCount(all)}` : '';
  return partsTable(`tenant${rest}`, shown);
}

function partsTable(head: string, parts: Load['result']['operations']): Table {
  return {
    head: [head, 'n', 'failed', 'response P50', 'P95'],
    rows: parts.map(({ name, n, failed, response }) => [
      name,
      formatCount(n),
      formatCount(failed),
      ...(response === null ? ['no answer'] : [response.p50Ms, response.p95Ms].map(milliseconds)),
    ]),
  };
}

function processesTable({ processes }: Load): Table {
  return {
    head: ['process', 'CPU, share of a core', 'resident', 'heap', 'event-loop delay P99'],
    rows: processes.map((one) => [
      one.process,
      coreShare(one.cpuShare),
      megabytes(one.residentBytes),
      megabytes(one.heapUsedBytes),
      milliseconds(one.eventLoopDelayP99Ms),
    ]),
  };
}

/** Why a load, or a step of a search, says nothing about the target. */
function describeDoubts({ doubt, steps }: Load): string[] {
  if (steps.length === 0) return doubt === null ? [] : [`says nothing of the target: ${doubt}`];
  return steps.flatMap((step) =>
    step.doubt === null ? [] : [`${formatRate(step)} says nothing of the target: ${step.doubt}`],
  );
}

/** The CPU of each process, beside the response times, shows which one is the bottleneck at the knee. */
function searchTable({ steps, processes }: Load): Table {
  const rows = steps.map((step) => {
    const { n, failed, response, own } = step;
    const { ratePerSecond } = step.step;
    const used = processes.filter((one) => one.ratePerSecond === ratePerSecond);
    return [
      formatRate(step),
      formatCount(n),
      formatCount(failed),
      response === null ? 'no answer' : milliseconds(response.p95Ms),
      milliseconds(own?.p50Ms),
      milliseconds(own?.p95Ms),
      ...['target', 'model', 'harness'].map((name) =>
        coreShare(used.find(({ process }) => process === name)?.cpuShare),
      ),
    ];
  });
  const times = ['response P95', 'own time P50', 'own time P95'];
  return { head: ['rate', 'n', 'failed', ...times, 'CPU: target', 'model', 'harness'], rows };
}

function formatRate({ step: { ratePerSecond } }: Load['steps'][number]): string {
  return ratePerSecond === null ? 'unknown' : `${Number(ratePerSecond.toPrecision(4))}/s`;
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
    ...failures.map(
      ({ failure, n }) => `${formatCount(n)} × ${shortText(failure, MAX_FAILURE_LENGTH)}`,
    ),
    ...(otherFailures === 0 ? [] : [`${formatCount(otherFailures)} others`]),
  ];
  const unsent = neverSent === 0 ? '' : `, ${formatCount(neverSent)} of them never sent`;
  return `${formatCount(failed)} failed${unsent}: ${kinds.join(', ')}`;
}

/** The results of the tenant checks, and the number of connections. */
function describeChecks({ isolation, connections }: Load['result']): string {
  const { checked, foreign } = isolation;
  const owners =
    checked === 0
      ? 'no answer checked for its tenant'
      : `${counted(checked, 'answer')} checked for their tenant, ${foreign === 0 ? 'none' : formatCount(foreign)} foreign`;
  const opened =
    connections === null
      ? 'connections unknown'
      : `${counted(connections.opened, 'connection')} opened for ${counted(connections.n, 'request')}`;
  return `${owners}; ${opened}`;
}

/** `59.9/s` */
function perSecond(rate: number | null): string {
  return rate === null ? 'unknown' : `${rate.toFixed(1)}/s`;
}

const BYTES_PER_MB = 1_000_000;

function megabytes(bytes: number | null): string {
  return bytes === null ? 'unknown' : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}
