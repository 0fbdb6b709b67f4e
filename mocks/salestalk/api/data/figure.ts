export type Unit = 'USD' | 'ratio' | 'count' | 'points';

/** One figure of a tenant: one row of its table. */
export type Figure = {
  metric: string;
  /** Quarter, as `2025-Q3`. */
  quarter: string;
  value: number;
  unit: Unit;
};
