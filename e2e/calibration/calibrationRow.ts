import { alignRows, FIGURES_ON_THE_RIGHT } from '../core/table.ts';

export type Goal = { figure: string; atMost?: number; atLeast?: number };

export type CalibrationRow = {
  section: string;
  name: string;
  /** Number of simulated runs; null: calculated exactly. */
  runs: number | null;
  /** Rounded shares of the runs, and averages, by name. */
  figures: Record<string, number>;
  goals: Goal[];
};

export function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}

export function roundedShares<Name extends string>(
  counts: Record<Name, number>,
  runs: number,
): Record<Name, number> {
  const shares = Object.entries<number>(counts).map(([name, n]) => [name, rounded(n / runs)]);
  return Object.fromEntries(shares);
}

/** Counts how many runs had each of the outcomes; `simulate` gives those of one run. */
export function countOutcomes<Name extends string>(
  runs: number,
  outcomes: readonly Name[],
  simulate: (run: number) => readonly (Name | false)[],
): Record<Name, number> {
  const counts = Object.fromEntries(outcomes.map((name) => [name, 0])) as Record<Name, number>;
  for (let run = 0; run < runs; run++) {
    for (const name of simulate(run)) if (name !== false) counts[name] += 1;
  }
  return counts;
}

export function meetsGoal({ figures }: CalibrationRow, goal: Goal): boolean {
  const value = figures[goal.figure];
  if (value === undefined) throw new RangeError(`no figure is named ${goal.figure}`);
  return value <= (goal.atMost ?? value) && value >= (goal.atLeast ?? value);
}

/** Two standard errors of a simulation above the true share: 98 % of simulations stay below that. */
export function raiseBySimulationError(share: number, runs: number): number {
  return rounded(share + 2 * Math.sqrt((share * (1 - share)) / runs));
}

/** Chance that at least one of `count` independent events occurs. */
export function chanceOfAny(chance: number, count: number): number {
  return -Math.expm1(count * Math.log1p(-chance));
}

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
