import type { LineSeriesOption } from 'echarts';
import { inWords, percent } from '../../core/budget/objective.ts';
import { type LoadTable, responseMs } from '../../core/record/loadTable.ts';
import type { ProcessLine } from '../../core/record/recordLine.ts';
import { quantileRank, RankSearch } from '../../core/statistics/quantile.ts';
import { linearAxis, valueAxis, xAxis, yAxis } from '../charts/axes.ts';
import { PALETTE, renderSvg } from '../charts/renderSvg.ts';
import { meanCpuShare } from '../summarizeProcesses.ts';

const WIDTH = 880;
const MOST_BINS = 240;

/** What happened in one part of a load's time. */
type Bin = { offered: number; achieved: number; failed: number; times: RankSearch };

/**
 * The rates that were offered and achieved, the response times, and the CPU time of all processes, over the time of a load; null if no
 * request is judged.
 */
export function loadChart(table: LoadTable, processes: readonly ProcessLine[]): string | null {
  const { firstMs, seconds, bins } = countByTime(table);
  if (bins.length < 2) return null;
  const across = linearAxis(0, bins.length * seconds);
  const rates = (count: (bin: Bin) => number): [number, number][] =>
    bins.map((bin, at) => [(at + 0.5) * seconds, count(bin) / seconds]);
  const offered = rates((bin) => bin.offered);
  const achieved = rates((bin) => bin.achieved);
  const failed = rates((bin) => bin.failed);
  const quantiles = bins.map(({ times }) => {
    const [p50, p95, max] = times.values;
    return p50 === undefined || p95 === undefined || max === undefined ? null : { p50, p95, max };
  });
  const timesOf = (of: 'p50' | 'p95' | 'max') =>
    quantiles.map((one, at) => [(at + 0.5) * seconds, one === null ? null : one[of]]);
  const known = quantiles.flatMap((one) => (one === null ? [] : [one.p50, one.max]));
  const most = [...offered, ...achieved].reduce((max, [, rate]) => Math.max(max, rate), 1);
  const title = `${inWords(table.workload)}: rates, response times and CPU over the load`;
  const cpu = PROCESSES.map(({ name, ...style }) => {
    const mine = processes.filter(
      ({ process, workload }) => process === name && workload === table.workload,
    );
    return { name, style, data: cpuByTime(mine, { firstMs, end: across.max }) };
  });
  const line = (
    name: string,
    data: LineSeriesOption['data'] & {},
    lineStyle: LineSeriesOption['lineStyle'] & {},
    grid = 0,
  ): LineSeriesOption => ({
    ...{ name, type: 'line', xAxisIndex: grid, yAxisIndex: grid, data },
    lineStyle: { width: 2, ...lineStyle },
    itemStyle: { color: lineStyle.color ?? PALETTE.ink },
  });
  const series = [
    line('offered', offered, { color: PALETTE.muted, type: 'dashed' }),
    line('achieved', achieved, { color: PALETTE.data }),
    line('failed', failed, { color: PALETTE.bad }),
    line('P50', timesOf('p50'), { color: '#116329' }, 1),
    line('P95', timesOf('p95'), { color: '#d4730b' }, 1),
    line('max', timesOf('max'), { color: '#7d1f6a', type: 'dotted' }, 1),
    ...cpu.map(({ name, style, data }) => line(`CPU of ${name}`, data, style, 2)),
  ];
  const mostCpu = cpu
    .flatMap(({ data }) => data)
    .reduce((max, [, share]) => Math.max(max, share), 1);
  return renderSvg(
    {
      title: { text: title, subtext: `each point of rates and times stands for ${seconds} s` },
      legend: { top: 58, left: 76, width: WIDTH - 120, itemGap: 24 },
      grid: [
        { left: 84, right: 40, top: 116, height: 130 },
        { left: 84, right: 40, top: 266, height: 150 },
        { left: 84, right: 40, top: 436, height: 100 },
      ],
      xAxis: [
        xAxis(across, 0, null),
        xAxis(across, 1, null),
        xAxis(across, 2, 'time since the first, s'),
      ],
      yAxis: [
        yAxis(linearAxis(0, most * 1.08), 0, 'requests/s'),
        yAxis(known.length === 0 ? linearAxis(0, 1) : valueAxis(known), 1, 'response, ms'),
        yAxis(linearAxis(0, mostCpu * 1.08), 2, 'CPU, of a core', (share) => percent(share)),
      ],
      series,
    },
    { id: `load ${table.workload}`, title, width: WIDTH, height: 590 },
  );
}

const PROCESSES = [
  { name: 'target', color: '#0550ae', type: 'solid' },
  { name: 'model', color: '#d4730b', type: 'dashed' },
  { name: 'harness', color: '#59636e', type: 'dotted' },
] as const;

/** The shares of a core, each at both ends of the time that it was measured over, as steps. */
function cpuByTime(
  lines: readonly ProcessLine[],
  { firstMs, end }: { firstMs: number; end: number },
): [number, number][] {
  const step = Math.max(1, Math.ceil(lines.length / MOST_BINS));
  const parts = Array.from({ length: Math.ceil(lines.length / step) }, (_, at) =>
    lines.slice(at * step, (at + 1) * step),
  );
  return parts.flatMap((part): [number, number][] => {
    const share = meanCpuShare(part);
    const [first, last] = [part[0], part.at(-1)];
    if (share === null || first === undefined || last === undefined) return [];
    const secondOf = (ms: number) => Math.min(end, Math.max(0, (ms - firstMs) / 1000));
    return [
      [secondOf(first.atMs - first.durationMs), share],
      [secondOf(last.atMs), share],
    ];
  });
}

/** Counts the judged requests in parts of whole seconds, by their intended starts and by their ends. */
export function countByTime(table: LoadTable): { firstMs: number; seconds: number; bins: Bin[] } {
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const request of table.judged()) {
    firstMs = Math.min(firstMs, request.dueAtMs);
    lastMs = Math.max(lastMs, request.dueAtMs + (responseMs(request) ?? 0));
  }
  if (lastMs < firstMs) return { firstMs, seconds: 1, bins: [] };
  const seconds = Math.max(1, Math.ceil((lastMs - firstMs) / 1000 / MOST_BINS));
  const binOf = (ms: number) => Math.floor((ms - firstMs) / 1000 / seconds);
  // The last part is not whole, so that its rate would seem to drop.
  const bins = Array.from({ length: binOf(lastMs) }, (): Bin => {
    return { offered: 0, achieved: 0, failed: 0, times: new RankSearch(quantileRanks) };
  });
  for (const request of table.judged()) {
    const ms = responseMs(request);
    const [due, end] = [bins[binOf(request.dueAtMs)], bins[binOf(request.dueAtMs + (ms ?? 0))]];
    if (due !== undefined) due.offered++;
    if (end === undefined) continue;
    if (request.failure !== null) end.failed++;
    else end.achieved++;
    if (request.failure === null && ms !== null) end.times.count(ms);
  }
  for (const request of table.judged()) {
    const ms = request.failure === null ? responseMs(request) : null;
    if (ms !== null) bins[binOf(request.dueAtMs + ms)]?.times.collect(ms);
  }
  return { firstMs, seconds, bins };
}

/** P50, P95 and the greatest. */
function quantileRanks(n: number): number[] {
  return [quantileRank(n, 0.5), quantileRank(n, 0.95), n];
}
