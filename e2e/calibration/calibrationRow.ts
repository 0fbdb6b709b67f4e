import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';

/** What a figure is to reach. */
export type Goal = { figure: string; atMost?: number; atLeast?: number };

/** One simulated or calculated case. */
export type CalibrationRow = {
  section: string;
  name: string;
  /** Simulated runs; null where it is calculated exactly. */
  runs: number | null;
  /** Shares of the runs and averages, rounded, by name. */
  figures: Record<string, number>;
  goals: Goal[];
};

/** Rounded, so that a record is easily read and compared. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}

/** Counts as rounded shares of the runs. */
export function sharesOf(counts: Record<string, number>, runs: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, rounded(count / runs)]),
  );
}

export function meetsGoal({ figures }: CalibrationRow, goal: Goal): boolean {
  const value = figures[goal.figure];
  if (value === undefined) throw new RangeError(`no figure is named ${goal.figure}`);
  return value <= (goal.atMost ?? value) && value >= (goal.atLeast ?? value);
}

/** The greatest share that a simulation of a true `share` shows, in 98 % of the simulations. */
export function withinError(share: number, runs: number): number {
  return rounded(share + 2 * Math.sqrt((share * (1 - share)) / runs));
}

/** Chance that at least one of `count` independent events happens. */
export function anyOfMany(chance: number, count: number): number {
  return -Math.expm1(count * Math.log1p(-chance));
}

/** The rows as a table for each section; a figure that has a goal carries it, and a mark where it is missed. */
export function formatTable(rows: readonly CalibrationRow[]): string {
  const sections = Map.groupBy(rows, ({ section }) => section);
  return [...sections].map(([section, members]) => formatSection(section, members)).join('\n');
}

function formatSection(section: string, rows: readonly CalibrationRow[]): string {
  const figures = [...new Set(rows.flatMap((row) => Object.keys(row.figures)))];
  const body = rows.map((row) => [
    row.name,
    row.runs === null ? 'exact' : row.runs.toLocaleString('en-US'),
    ...figures.map((figure) => formatFigure(row, figure)),
  ]);
  return alignRows([[section, 'runs', ...figures], ...body], FIGURES_ON_THE_RIGHT)
    .map((line) => `${line}\n`)
    .join('');
}

function formatFigure(row: CalibrationRow, figure: string): string {
  const value = row.figures[figure];
  if (value === undefined) return '–';
  const marks = row.goals
    .filter((goal) => goal.figure === figure)
    .map((goal) => {
      const { atLeast, atMost } = goal;
      const bounds = [
        ...(atLeast === undefined ? [] : [`≥ ${atLeast}`]),
        ...(atMost === undefined ? [] : [`≤ ${atMost}`]),
      ];
      return ` (${bounds.join(', ')}${meetsGoal(row, goal) ? '' : ' MISSED'})`;
    });
  return `${value}${marks.join('')}`;
}
