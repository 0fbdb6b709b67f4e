import type { MeasuredValues, MeasurementLine } from '../../core/record/measurementLine.ts';
import { plainText } from '../../core/terminalText.ts';
import { formatCount } from '../../core/verdict/format.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import { linearAxis, valueAxis, xAxis, yAxis } from '../charts/axes.ts';
import { dots, MAX_DOTS, marksOnly, thin } from '../charts/marks.ts';
import { PALETTE, renderSvg } from '../charts/renderSvg.ts';
import { counted } from '../describeSummary.ts';

const WIDTH = 880;
const HEIGHT = 300;
/** The slowest of them are always drawn. */
const ALWAYS_DRAWN = 30;

/** A stall of the target or of the harness. */
export type Pause = { fromMs: number; durationMs: number; whose: 'target' | 'harness' };

/** The pauses of the target and of the harness during a workload; null: during any. */
export function pausesIn(
  workload: string | null,
  { run: { stalls } }: Summary,
  disturbances: readonly { workload: string; fromMs: number; durationMs: number }[],
): Pause[] {
  // The texts of a summary are plain.
  const isMine = (one: { workload: string }) =>
    workload === null || plainText(one.workload) === plainText(workload);
  return [
    ...stalls.filter(isMine).map(({ startedAt, durationMs }) => {
      return { fromMs: Date.parse(startedAt), durationMs, whose: 'target' as const };
    }),
    ...disturbances.filter(isMine).map(({ fromMs, durationMs }) => {
      return { fromMs, durationMs, whose: 'harness' as const };
    }),
  ];
}

/** How long a measurement took, however it ended; null: unknown. */
export function tookMs({ values }: MeasurementLine): number | null {
  const { totalMs, latencyMs, insightMs, lcpMs, endedMs, leftMs }: MeasuredValues = values;
  return totalMs ?? latencyMs ?? insightMs ?? lcpMs ?? endedMs ?? leftMs ?? null;
}

/** Each measurement at its time in the run, failures as triangles, pauses as bands; null without two durations. */
export function latencyChart(
  title: string,
  lines: readonly MeasurementLine[],
  pauses: readonly Pause[],
): string | null {
  const points = lines.flatMap((line) => {
    const ms = tookMs(line);
    return ms === null || ms <= 0
      ? []
      : [{ atMs: line.sentAtMs, ms, isFailed: line.failure !== null }];
  });
  if (points.length < 2) return null;
  const times = points.map(({ atMs }) => atMs);
  const firstMs = times.reduce((a, b) => Math.min(a, b));
  const lastMs = times.reduce((a, b) => Math.max(a, b));
  const values = points.map(({ ms }) => ms);
  const seconds = Math.max(1, (lastMs - firstMs) / 1000);
  const across = linearAxis(-seconds * 0.015, seconds * 1.015);
  const up = valueAxis(values);
  const limit = values.toSorted((a, b) => b - a)[ALWAYS_DRAWN] ?? Number.POSITIVE_INFINITY;
  const select = (wanted: boolean) =>
    thin(
      points.filter(({ isFailed }) => isFailed === wanted),
      MAX_DOTS,
      ({ ms }) => ms > limit,
    ).map(({ atMs, ms }): [number, number] => [(atMs - firstMs) / 1000, ms]);
  const failed = select(true);
  const n = points.filter(({ isFailed }) => isFailed).length;
  const shown = pauses.filter(
    ({ fromMs, durationMs }) => fromMs + durationMs > firstMs && fromMs < lastMs,
  );
  const ofTarget = shown.filter(({ whose }) => whose === 'target');
  const subtext = [
    `${formatCount(points.length - n)} answered`,
    `${formatCount(n)} failed${n === 0 ? '' : ' (red triangles)'}`,
    ...(ofTarget.length === 0
      ? []
      : [`${counted(ofTarget.length, 'stall')} of the target (red bands)`]),
    ...(shown.length === ofTarget.length
      ? []
      : [`${counted(shown.length - ofTarget.length, 'pause')} of the harness (grey bands)`]),
  ].join('  ·  ');
  return renderSvg(
    {
      title: { text: title, subtext, textStyle: { width: WIDTH - 32 } },
      grid: { left: 84, right: 40, top: 72, height: HEIGHT - 130 },
      xAxis: xAxis(across, 0, 'time since the first, s'),
      yAxis: yAxis(up, 0, 'took, ms'),
      series: [
        marksOnly({
          markArea: {
            label: { show: false },
            data: shown.map(({ fromMs, durationMs, whose }) => {
              const secondOf = (ms: number) => Math.max(0, (ms - firstMs) / 1000);
              const color =
                whose === 'target' ? 'rgba(195, 24, 43, 0.2)' : 'rgba(89, 99, 110, 0.2)';
              return [
                { xAxis: secondOf(fromMs), itemStyle: { color } },
                { xAxis: Math.min(across.max, secondOf(fromMs + durationMs)) },
              ];
            }),
          },
        }),
        dots({ points: select(false), colour: PALETTE.data, diameter: 4 }),
        {
          type: 'scatter',
          symbol: 'triangle',
          symbolSize: 8,
          itemStyle: { color: PALETTE.bad },
          data: failed,
        },
      ],
    },
    { id: `latency ${title}`, title: `${title}: ${subtext}`, width: WIDTH, height: HEIGHT },
  );
}
