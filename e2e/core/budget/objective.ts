import { z } from 'zod';
import { FEWEST_BASELINE_RUNS } from '../statistics/compareWithBaseline.ts';
import { type Metric, type MetricRegistry, metricSchema } from './metric.ts';

const objectiveFields = z.strictObject({
  /** `<operation>.<metric>.<statistic>`. */
  id: z.string(),
  operation: z.string(),
  /** The workload whose requests are judged; null: all. */
  workload: z.string().nullable(),
  /** Requests under this fault are judged, `*`: under any; null: under none. */
  fault: z.string().nullable(),
  /** Requests of all operations are judged, not only those of `operation`. */
  spans: z.boolean(),
  /** The gap that is open while this objective is missed; null: none. */
  gap: z.string().nullable(),
  unit: z.string(),
  /** The number in the budget, in `unit`. */
  objective: z.number(),
  /** Quantile in (0, 1) for objectives on a quantile, else null. */
  quantile: z.number().gt(0).lt(1).nullable(),
  /** A rate is kept if the P95 of response times stays below this, in ms. */
  keptBelowMs: z.number().positive().optional(),
  /** Growth under load: requests in each window whose medians are compared; absent if their number is not known in advance. */
  windowSize: z.int().positive().optional(),
  /** Greatest share of bad events that meets the objective, in [0, 1); 0: no bad event. */
  allowedShare: z.number().min(0).lt(1),
  /** The most events to judge; if no bad event is allowed, exactly this number is judged. */
  sampleBudget: z.int().positive(),
  onInconclusive: z.enum(['fail', 'report']),
  /** What a regression is judged by, in the unit of the compared figure. */
  baseline: z
    .strictObject({
      unit: z.string(),
      /** The runs of each accepted baseline. One set if the latest is the oldest. */
      sets: z
        .array(
          z.strictObject({
            /** `baseline`, `latest baseline` or `oldest baseline`. */
            name: z.string(),
            /** Day of its last run. */
            until: z.iso.date(),
            values: z.array(z.number().positive()).min(FEWEST_BASELINE_RUNS),
          }),
        )
        .min(1),
    })
    .optional(),
  /** What earlier runs of the target showed of its tests. */
  earlierTests: z
    .strictObject({ executions: z.int().positive(), flakes: z.int().nonnegative() })
    .optional(),
  /** The budget file that it stands in, if the target's own file only extends that one. */
  inheritedFrom: z.string().optional(),
});

/**
 * A resolved objective: a limit on the share of bad events. P95 < 2000 ms: at most 5 % of answers take 2000 ms or longer.
 * Availability > 99.9 %: at most 0.1 % of requests fail. Its metric is parsed from the name that a record holds.
 */
export const objectiveSchema = (metrics: MetricRegistry) =>
  objectiveFields.extend({ metric: metricSchema(metrics) });

export type Objective = z.infer<ReturnType<typeof objectiveSchema>>;

/** `classify latency P95 < 2000 ms`. */
export function describeObjective(objective: Objective): string {
  const { operation, metric, unit } = objective;
  const name = `${inWords(operation)} ${nameMetric(metric)}`;
  const { kind, wantsMore, limitsBadShare } = metric;
  if (objective.quantile !== null) {
    const sign = wantsMore === true ? '>' : '<';
    return `${name} P${quantileLabel(objective.quantile)} ${sign} ${formatLimit(objective)}`;
  }
  if (kind === 'capacity') {
    return `${name} > ${formatLimit(objective)} at a P95 < ${objective.keptBelowMs} ms`;
  }
  if (kind === 'zeroTolerance') return `${name}: every one`;
  if (unit === 'share') {
    return `${name} ${limitsBadShare === true ? '<' : '>'} ${percent(objective.objective)}`;
  }
  return `${name} ${kind === 'regression' ? '<' : '≤'} ${formatLimit(objective)}`;
}

/** `own time`, `LCP`. */
export function nameMetric({ name, title }: Pick<Metric, 'name' | 'title'>): string {
  return title ?? inWords(name);
}

/** An operation, metric or workload for readers: `hungModel` → `hung model`, `page.heap` → `page heap`. */
export function inWords(name: string): string {
  return name
    .replaceAll('.', ' ')
    .replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** The number in the budget with its unit: `2000 ms`, `150,000 B`, `1 call`. */
function formatLimit({ objective, unit }: Objective): string {
  return appendUnit(unit === 'B' ? objective.toLocaleString('en-US') : String(objective), unit);
}

/** A formatted number with its unit, which may be one: `1 call`. */
export function appendUnit(number: string, unit: string): string {
  return `${number} ${number === '1' ? unit.replace(/^(call|request|point)s/, '$1') : unit}`;
}

/** 0.95 → "95", 0.999 → "99.9". */
export function quantileLabel(quantile: number): string {
  return String(Number((quantile * 100).toPrecision(6)));
}

/** 0.999 → "99.9 %". */
export function percent(share: number, digits = 6): string {
  return `${Number((share * 100).toPrecision(digits))} %`;
}
