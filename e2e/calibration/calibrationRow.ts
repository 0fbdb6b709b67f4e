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

/** A share or an average as it stands in the table: rounded, so that a record is easily read and compared. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}

export function meetsGoal({ figures }: CalibrationRow, goal: Goal): boolean {
  const value = figures[goal.figure];
  if (value === undefined) throw new RangeError(`no figure is named ${goal.figure}`);
  return value <= (goal.atMost ?? value) && value >= (goal.atLeast ?? value);
}

/** The greatest share that a simulation of a true `share` shows, but for 2 % of the simulations. */
export function withinError(share: number, runs: number): number {
  return rounded(share + 2 * Math.sqrt((share * (1 - share)) / runs));
}

/** Chance that at least one of so many independent events happens. */
export function anyOfMany(chance: number, many: number): number {
  return -Math.expm1(many * Math.log1p(-chance));
}
