import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/alignedTable.ts';
import { type CalibrationRow, type Goal, meetsGoal } from './calibrationRow.ts';

/** The rows as a table for each section; a figure that has a goal carries it, and a mark where it is missed. */
export function formatTable(rows: readonly CalibrationRow[]): string {
  const sections = Map.groupBy(rows, ({ section }) => section);
  return [...sections].map(([section, members]) => formatSection(section, members)).join('\n');
}

function formatSection(section: string, rows: readonly CalibrationRow[]): string {
  const figures = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
  const head = [section, 'runs', ...figures];
  const body = rows.map((row) => [
    row.name,
    row.runs === null ? 'exact' : row.runs.toLocaleString('en-US'),
    ...figures.map((figure) => formatFigure(row, figure)),
  ]);
  return alignRows([head, ...body], FIGURES_ON_THE_RIGHT)
    .map((line) => `${line}\n`)
    .join('');
}

function formatFigure(row: CalibrationRow, figure: string): string {
  const value = row.figures[figure];
  if (value === undefined) return '–';
  const goals = row.goals.filter((goal) => goal.figure === figure);
  const marks = goals.map(
    (goal) => ` (${describeGoal(goal)}${meetsGoal(row, goal) ? '' : ' MISSED'})`,
  );
  return `${value}${marks.join('')}`;
}

function describeGoal({ atMost, atLeast }: Goal): string {
  return [atLeast === undefined ? '' : `≥ ${atLeast}`, atMost === undefined ? '' : `≤ ${atMost}`]
    .filter((part) => part !== '')
    .join(', ');
}
