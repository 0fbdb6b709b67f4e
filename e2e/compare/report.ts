import path from 'node:path';
import { alignRows, FIGURES_ON_THE_RIGHT, type Table } from '../core/table.ts';
import { plainText } from '../core/terminalText.ts';
import { formatValue } from '../core/verdict/format.ts';
import { writeAtomically } from '../report/reportFiles.ts';
import { escapeMarkdown } from '../report/summaryMarkdown.ts';
import {
  exitStatus,
  formatChange,
  formatRange,
  isWorse,
  type JudgedMetric,
  summarize,
} from './judge.ts';
import { SIDES, type SideName } from './metrics.ts';
import type { Source } from './sides.ts';

/** All that a comparison found, as `comparison.json` holds it. */
export type Comparison = {
  schemaVersion: 1;
  startedAt: string;
  durationMs: number;
  sides: Record<SideName, Source & { failedRequests: number }>;
  /** What was given to the embedded candidate alone. */
  candidateArgs: string[];
  /** Median of the model's latency; null: a real model. */
  modelMedianMs: number | null;
  environment: Record<string, string | number | null>;
  /** Of the order of blocks and the latencies of the model. */
  seed: number;
  /** Pairs that do not count. */
  dropped: { failed: number; disturbed: number };
  /** The worst first. */
  metrics: JudgedMetric[];
  notMeasured: { words: string; reason: string }[];
};

const HEAD = ['Metric', 'Baseline', 'Candidate', 'Change', '99 % interval', 'Pairs', 'Verdict'];

function comparisonTable({ metrics }: Comparison): Table {
  const rows = metrics.map((one) => [
    one.words,
    formatValue(one.baseline, one.unit),
    formatValue(one.candidate, one.unit),
    formatChange(one.ratio),
    formatRange(one.interval),
    String(one.pairs),
    one.says,
  ]);
  return { head: HEAD, rows };
}

/** What was compared, and what does not count. */
function describeComparison(comparison: Comparison): string[] {
  const { sides, candidateArgs, modelMedianMs, seed, dropped, durationMs } = comparison;
  const { failed, disturbed } = dropped;
  const failures = SIDES.map((name) => `${sides[name].failedRequests} of the ${name}`).join(', ');
  const named = (name: SideName) => `${name}: ${sides[name].shown}`;
  return [
    `${SIDES.map(named).join(', ')}${candidateArgs.map((arg) => ` ${arg}`).join('')}`,
    modelMedianMs === null
      ? 'model: a real one'
      : `model: mocked, median ${modelMedianMs} ms, the same latencies on both sides`,
    'a block is 5 requests of each operation, and for own times 5 more, one at a time; its median counts',
    ...(SIDES.some((side) => sides[side].kind === 'url')
      ? []
      : ["no optimizing compiler: V8's make processes of the same code differ in speed"]),
    `seed ${seed}; took ${(durationMs / 1000).toFixed(0)} s`,
    ...(failed === 0 ? [] : [`${failed} pairs left out: a request failed (${failures})`]),
    ...(disturbed === 0
      ? []
      : [`${disturbed} pairs left out: the harness stalled or had no CPU time`]),
  ];
}

/** The table on the terminal, what does not count, and last the answer. */
export function terminalText(comparison: Comparison): string {
  const { head, rows } = comparisonTable(comparison);
  const { metrics, notMeasured } = comparison;
  return [
    ...alignRows(
      [head, ...rows].map((row) => row.map(plainText)),
      ALIGNMENT,
    ),
    '',
    ...describeComparison(comparison).map(plainText),
    ...notMeasured.map(({ words, reason }) => plainText(`not measured: ${words}: ${reason}`)),
    '',
    plainText(summarize(metrics)),
    '',
  ].join('\n');
}

/** The verdict holds words. */
const ALIGNMENT = { ...FIGURES_ON_THE_RIGHT, right: (column: number) => column > 0 && column < 6 };

/** For the page of a CI job: the answer first, the table, the rest folded. All foreign text is escaped. */
export function markdownText(comparison: Comparison): string {
  const { metrics, notMeasured, environment } = comparison;
  const { head, rows } = comparisonTable(comparison);
  const mark = metrics.some(isWorse) ? '❌' : exitStatus(metrics) === 0 ? '✅' : '❔';
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(escapeMarkdown))];
  const items = [
    ...describeComparison(comparison),
    ...notMeasured.map(({ words, reason }) => `not measured: ${words}: ${reason}`),
    ...Object.entries(environment).map(([name, value]) => `${name}: ${value ?? 'unknown'}`),
  ];
  return [
    `## ${mark} ${escapeMarkdown(summarize(metrics))}`,
    lines.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    '<details><summary>How it was compared</summary>',
    items.map((item) => `- ${escapeMarkdown(item)}`).join('\n'),
    '</details>',
    '',
  ].join('\n\n');
}

/** @throws HarnessError WRITE_FAILED */
export function writeComparison(folder: string, comparison: Comparison): void {
  writeAtomically(path.join(folder, 'comparison.json'), `${JSON.stringify(comparison)}\n`);
  writeAtomically(path.join(folder, 'summary.md'), markdownText(comparison));
}
