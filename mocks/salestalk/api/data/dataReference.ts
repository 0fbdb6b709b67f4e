/** A figure that an answer rests on, with the row it came from. */
export type DataReference = {
  /** Name of the metric as it is stored, for example `revenue`. */
  metric: string;
  /** The period in the words of the question (`Q3`) where it stands for one row, else the row's own (`2025-Q3`). */
  period: string;
  value: number;
  /** `USD`, `ratio`, `count` or `score`. */
  unit: string;
  source: { table: string; pk: string; sk: string };
};
