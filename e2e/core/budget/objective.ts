import { z } from 'zod';
import { type MetricRegistry, metricSchema } from './metric.ts';

const objectiveFields = z.strictObject({
  /** `<operation>.<metric>.<statistic>`. */
  id: z.string(),
  operation: z.string(),
  /** The workload whose requests are judged; null: those of every workload. */
  workload: z.string().nullable(),
  /** The fault whose requests are judged, `*` for those of any; null: requests under none. */
  fault: z.string().nullable(),
  /** Requests of every operation are judged, not those of `operation` alone. */
  spans: z.boolean(),
  /** The gap that is open as long as this objective is missed; null where it belongs to none. */
  gap: z.string().nullable(),
  unit: z.string(),
  /** The number in the budget, in `unit`. */
  objective: z.number(),
  /** Quantile in (0, 1) for objectives on a quantile, else null. */
  quantile: z.number().gt(0).lt(1).nullable(),
  /** Of a rate: it is kept where the P95 of response times stays below this, in ms. */
  keptBelowMs: z.number().positive().optional(),
  /** Of growth under load: requests in each of the windows whose medians are compared; absent where nobody knows how many there will be. */
  windowSize: z.int().positive().optional(),
  /** Greatest share of bad events that meets the objective, in [0, 1). 0: not one. */
  allowedShare: z.number().min(0).lt(1),
  /** The sample budget: events to judge at most. Where not one may be bad, the number that is to be judged. */
  sampleBudget: z.int().positive(),
  onInconclusive: z.enum(['fail', 'report']),
});

/**
 * An objective, resolved: a limit on a share of bad events. P95 < 2000 ms says that at most 5 % of answers may take 2000 ms or longer,
 * availability > 99.9 % that at most 0.1 % of requests may fail. A record carries it, with the name of its metric.
 */
export const objectiveSchema = (metrics: MetricRegistry) =>
  objectiveFields.extend({ metric: metricSchema(metrics) });

export type Objective = z.infer<ReturnType<typeof objectiveSchema>>;

/** `classify latency P95 < 2000 ms`, as a person would say it. */
export function describeObjective(objective: Objective): string {
  const { operation, metric, unit } = objective;
  const name = `${operation} ${metric.name}`;
  const { kind, wantsMore } = metric;
  if (objective.quantile !== null) {
    const sign = wantsMore === true ? '>' : '<';
    return `${name} P${quantileLabel(objective.quantile)} ${sign} ${limitOf(objective)}`;
  }
  if (kind === 'capacity') {
    return `${name} > ${limitOf(objective)} at a P95 < ${objective.keptBelowMs} ms`;
  }
  if (kind === 'zeroTolerance') return `${name}: every one`;
  if (unit === 'share') return `${name} > ${percent(objective.objective)}`;
  return `${name} ≤ ${limitOf(objective)}`;
}

/** The number in the budget with its unit: `2000 ms`; bytes are compared by their digits, `150,000 B`. */
function limitOf({ objective, unit }: Objective): string {
  return `${unit === 'B' ? objective.toLocaleString('en-US') : objective} ${unit}`;
}

/** 0.95 → "95", 0.999 → "99.9". */
export function quantileLabel(quantile: number): string {
  return String(Number((quantile * 100).toPrecision(6)));
}

/** 0.999 → "99.9 %". */
export function percent(share: number, digits = 6): string {
  return `${Number((share * 100).toPrecision(digits))} %`;
}
