import { z } from 'zod';
import type { Metric } from '../core/budget/metric.ts';
import type { Objective } from '../core/budget/objective.ts';
import { valueColumns } from '../core/record/event.ts';
import type { RunRecord } from '../core/record/runRecord.ts';
import { medianOf, Ranking } from '../core/statistics/quantile.ts';
import { deriveEventsOnce } from './deriveEvents.ts';

/** One figure of a run that later runs are compared with: the median of what a metric measured of an operation. */
export const figureSchema = z.strictObject({
  /** `<operation>.<metric>`, such as `classify.latency`. */
  id: z.string(),
  unit: z.string(),
  /** Values that it is the median of. */
  n: z.int().positive(),
  median: z.number(),
});

export type Figure = z.infer<typeof figureSchema>;

/**
 * The figures of a run: one for each operation and metric whose values can be compared from run to run, which have an objective on a
 * quantile or on growth. Of growth it is the level that grows, such as bytes in use. What was not measured has none.
 * @throws HarnessError RECORD_INVALID
 */
export function figuresOf(record: RunRecord): Figure[] {
  const objectives = new Map<string, Objective>();
  for (const objective of record.run.objectives) {
    const { operation, metric } = objective;
    const id = `${operation}.${metric.name}`;
    const isCompared = metric.kind === 'quantile' || metric.kind === 'growth';
    if (isCompared && !objectives.has(id)) objectives.set(id, objective);
  }
  return [...objectives].flatMap(([id, objective]) => {
    const { events } = deriveEventsOnce(objective, record);
    const { values } = valueColumns(events);
    const unit = figureUnit(objective.metric);
    return values.length === 0
      ? []
      : [{ id, unit, n: values.length, median: medianOf(new Ranking(values)) }];
  });
}

/** Growth is in B/use, its level in B. */
export function figureUnit({ kind, unit }: Pick<Metric, 'kind' | 'unit'>): string {
  return kind === 'growth' ? unit.replace(/\/.*/, '') : unit;
}
