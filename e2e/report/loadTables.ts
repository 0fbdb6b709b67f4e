import type { Summary } from '../core/verdict/runSummary.ts';
import { coreShare, milliseconds } from './describeSummary.ts';
import { count, describeLoad, type Load, megabytes, perSecond } from './loadLines.ts';
import { markdownTable, escapeMarkdown as text } from './markdown.ts';

/** The loads of a run in Markdown: a table of all, and the parts of each. Empty without loads. */
export function loadTables(loads: Summary['loads']): string {
  const steady = loads.filter(({ steps }) => steps.length === 0);
  return [
    markdownTable(
      ['Load', 'n', 'Offered', 'Achieved', ...TIMES.map(({ head }) => head), 'Failed'],
      steady.map(cellsOfLoad),
    ),
    ...loads.flatMap(sectionsOf),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const TIMES = [
  { head: 'Sent late P99', of: ({ late }: Load['result']) => late?.p99Ms },
  { head: 'Response P50', of: ({ response }: Load['result']) => response?.p50Ms },
  { head: 'P95', of: ({ response }: Load['result']) => response?.p95Ms },
  { head: 'P99', of: ({ response }: Load['result']) => response?.p99Ms },
  { head: 'Service P95', of: ({ service }: Load['result']) => service?.p95Ms },
  { head: 'Own time P95', of: ({ own }: Load['result']) => own?.p95Ms },
];

function cellsOfLoad({ workload, result }: Load): string[] {
  const { n, offeredPerSecond, achievedPerSecond, failed } = result;
  return [
    text(workload),
    count(n),
    perSecond(offeredPerSecond),
    perSecond(achievedPerSecond),
    ...TIMES.map(({ of }) => milliseconds(of(result))),
    count(failed),
  ];
}

function sectionsOf(load: Load): string[] {
  const { model, failures, checks, doubts, search } = describeLoad(load);
  const list = (lines: string[]) => lines.map((line) => `- ${text(line)}`).join('\n');
  const words = [model, failures, checks];
  return [
    `#### ${text(load.workload)}`,
    ...(search === null
      ? [list([...doubts, ...words]), ...tablesOfLoad(load)]
      : [list(words), markdownTable(search.columns, search.rows), list(doubts)]),
  ];
}

function tablesOfLoad({ result, processes }: Load): string[] {
  const { operations, tenants } = result;
  const rest = tenants.count > tenants.slowest.length ? `, the slowest of ${tenants.count}` : '';
  const parts = tenants.count > 1 ? tenants.slowest : [];
  return [
    partTable('Operation', operations),
    partTable(`Tenant${rest}`, parts),
    markdownTable(
      ['Process', 'CPU, share of a core', 'Resident', 'Heap', 'Event-loop delay P99'],
      processes.map((one) => [
        one.process,
        coreShare(one.cpuShare),
        megabytes(one.residentBytes),
        megabytes(one.heapUsedBytes),
        milliseconds(one.eventLoopDelayP99Ms),
      ]),
    ),
  ];
}

function partTable(head: string, parts: Load['result']['operations']): string {
  return markdownTable(
    [head, 'n', 'Failed', 'Response P50', 'P95'],
    parts.map(({ name, n, failed, response }) => [
      text(name),
      count(n),
      count(failed),
      milliseconds(response?.p50Ms),
      milliseconds(response?.p95Ms),
    ]),
  );
}
