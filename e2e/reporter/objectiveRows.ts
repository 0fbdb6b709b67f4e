import { describeObjective, type Objective } from '../core/budget/objective.ts';
import {
  describeNoEstimate,
  formatInterval,
  statisticLabel,
} from '../core/verdict/formatEstimate.ts';
import { formatNumber, formatValue } from '../core/verdict/formatValue.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { type Mark, markOf, markText } from './mark.ts';

type Judged = { objective: Objective; judgement: Summary['objectives'][number] };

/** A line for each objective, in columns that are aligned over all of them; the verdict, last on the line, goes through `paint`. */
export function objectiveRows(
  judged: Judged[],
  paint: (mark: Mark, text: string) => string,
): string[] {
  const rows = judged.map(cellsOf);
  const widths = COLUMNS.map((_, at) => Math.max(0, ...rows.map((row) => (row[at] ?? '').length)));
  // A column that is empty in every line takes no room, but what sets it off sets off its neighbour.
  const drawn = COLUMNS.flatMap((column, at) => {
    const group = COLUMNS.slice(0, at + 1).findLastIndex(({ before }) => before !== ' ');
    const isFirst = widths.slice(group, at).every((width) => width === 0);
    const before = isFirst ? (COLUMNS[group]?.before ?? '') : column.before;
    return widths[at] === 0 ? [] : [{ ...column, at, before, width: widths[at] ?? 0 }];
  });
  return rows.map((row, rowAt) => {
    const line = drawn
      .map(({ before, side, at, width }) => {
        const text = row[at] ?? '';
        return before + (side === 'left' ? text.padEnd(width) : text.padStart(width));
      })
      .join('');
    const mark = markOf((judged[rowAt] as Judged).judgement);
    return `${line}   ${paint(mark, markText(mark))}`;
  });
}

/** What stands before a column, and on which side its text stands. */
const COLUMNS: { before: string; side: 'left' | 'right' }[] = [
  { before: '', side: 'left' },
  // P50, its value
  { before: '  ', side: 'left' },
  { before: ' ', side: 'right' },
  // the statistic of the objective, its value, its interval
  { before: '  ', side: 'left' },
  { before: ' ', side: 'right' },
  { before: ' ', side: 'left' },
  // min, max
  { before: '  ', side: 'left' },
  { before: ' ', side: 'right' },
  { before: '  ', side: 'left' },
  { before: ' ', side: 'right' },
  { before: '   ', side: 'left' },
];

function cellsOf({ objective, judgement }: Judged): string[] {
  const { operation, metric, unit } = objective;
  const { n, failed, setAside, estimate, interval, median, min, max } = judgement;
  const name = `${operation} ${metric}`;
  const showsMedian = median !== null && objective.quantile !== 0.5;
  return [
    `${name} (n=${n}, ${failed} failed${setAside === 0 ? '' : `, ${setAside} set aside`}):`,
    ...(showsMedian ? ['P50', formatValue(median, unit)] : ['', '']),
    ...(estimate === null
      ? [describeNoEstimate(judgement), '', '']
      : [statisticLabel(objective), formatValue(estimate, unit), formatInterval(interval, unit)]),
    ...(min === null ? ['', ''] : ['min', formatNumber(min, unit)]),
    ...(max === null ? ['', ''] : ['max', formatNumber(max, unit)]),
    `objective ${describeObjective(objective)
      .slice(name.length)
      .replace(/^:?\s+/, '')}`,
  ];
}
