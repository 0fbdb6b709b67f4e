import { fixedSampleTest } from '../core/statistics/binomial.ts';
import { median, quantileInterval, sortSample } from '../core/statistics/quantile.ts';
import { seededDraw } from '../core/statistics/seededDraw.ts';
import type { Interval } from '../core/statistics/verdict.ts';
import { alignedTable } from '../core/table.ts';

/** Times of the same answer without and with a probe, one right after the other. */
type Pair = { withoutMs: number; withMs: number };

/** Discarded: code and connections are cold. */
const WARM_UPS = 5;

/** One measurement of either side, in ms. */
export type PairedTimers = { without: () => Promise<number>; with: () => Promise<number> };

/** Times both sides one right after the other, in random order within each pair. */
export async function timePairs(count: number, timers: PairedTimers): Promise<Pair[]> {
  const draw = seededDraw(count);
  const pairs: Pair[] = [];
  for (let at = 0; at < WARM_UPS + count; at++) {
    const isWithFirst = draw() < 0.5;
    const firstMs = await timers[isWithFirst ? 'with' : 'without']();
    const secondMs = await timers[isWithFirst ? 'without' : 'with']();
    if (at < WARM_UPS) continue;
    pairs.push(
      isWithFirst
        ? { withMs: firstMs, withoutMs: secondMs }
        : { withMs: secondMs, withoutMs: firstMs },
    );
  }
  return pairs;
}

/** What a probe costs. */
export type CostRow = {
  name: string;
  pairs: number;
  withoutP50Ms: number;
  withP50Ms: number;
  /** Median of the differences within a pair, with the interval of a sign test at 95 %. */
  longerByMs: number;
  intervalMs: Interval;
  /** Median of the ratios within a pair. */
  ratio: number;
};

/** Is the answer with the probe the longer one in more, or in fewer, than half of the pairs? Each at 2.5 %. */
const SIGN_TEST = { allowedShare: 0.5, passAlpha: 0.025, failAlpha: 0.025 };

/** @throws RangeError without a pair */
export function costRow(name: string, pairs: readonly Pair[]): CostRow {
  const longerMs = pairs.map(({ withMs, withoutMs }) => withMs - withoutMs);
  return {
    name,
    pairs: pairs.length,
    withoutP50Ms: median(pairs.map(({ withoutMs }) => withoutMs)),
    withP50Ms: median(pairs.map(({ withMs }) => withMs)),
    longerByMs: median(longerMs),
    intervalMs: quantileInterval(sortSample(longerMs), (bad) =>
      fixedSampleTest(bad, pairs.length, SIGN_TEST),
    ),
    ratio: median(pairs.map(({ withMs, withoutMs }) => withMs / withoutMs)),
  };
}

/** The rows as a Markdown table, aligned for the terminal. */
export function costTable(rows: readonly CostRow[]): string {
  const head = [
    'probe',
    'without, P50',
    'with, P50',
    'longer by',
    '95 % interval',
    'ratio',
    'pairs',
  ];
  const body = rows.map((row) => [
    row.name,
    formatMs(row.withoutP50Ms),
    formatMs(row.withP50Ms),
    formatMs(row.longerByMs),
    row.intervalMs.map(formatMs).join(' to '),
    row.ratio.toFixed(3),
    String(row.pairs),
  ]);
  return alignedTable({ head, rows: body });
}

function formatMs(ms: number | null): string {
  return ms === null ? 'open' : `${ms.toFixed(1)} ms`;
}
