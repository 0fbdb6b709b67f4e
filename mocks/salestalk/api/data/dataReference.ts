/** A figure that an answer rests on, with the row it came from. */
export type DataReference = {
  /** Name of the metric as it is stored, for example `revenue`. */
  metric: string;
  /** The quarter as `2025-Q3`, or as `Q3` where the question named it so and this is the only figure. */
  period: string;
  value: number;
  /** `USD`, `ratio`, `count` or `points`. */
  unit: string;
  source: { table: string; pk: string; sk: string };
};
