import { Gauge, Registry } from '@prometheus-io/client';
import type { VerdictName } from '../core/statistics/verdict.ts';
import type { Summary } from '../core/verdict/runSummary.ts';

type Judgement = Summary['objectives'][number];

/** The units in which Prometheus expects values, and how many of ours make one. Other units keep their names. */
const BASE_UNITS: Record<string, [unit: string, size: number]> = {
  ms: ['seconds', 1000],
  B: ['bytes', 1],
  share: ['ratio', 1],
  '%': ['ratio', 100],
};

/** So that an alert on `< 1` finds what is not met, and one on `< 0` what is missed. */
const VERDICTS: Record<VerdictName, number> = { pass: 1, inconclusive: 0, fail: -1 };
const VERDICT_HELP = '1: pass, 0: inconclusive, -1: fail';

const OBJECTIVE_GAUGES: [name: string, help: string, read: (one: Judgement) => number | null][] = [
  ['', 'Limit that the budget sets', (one) => toBaseUnit(one.objective, one)],
  ['_estimate', 'Measured value', (one) => toBaseUnit(one.estimate, one)],
  ['_interval_lower', 'Lower end of the interval', (one) => toBaseUnit(one.interval[0], one)],
  ['_interval_upper', 'Upper end of the interval', (one) => toBaseUnit(one.interval[1], one)],
  ['_events', 'Events that were judged', ({ n }) => n],
  ['_verdict', VERDICT_HELP, ({ verdict }) => VERDICTS[verdict]],
];

/**
 * The objectives of a run in the text format of OpenMetrics 1.0, for a textfile collector or a push gateway; these refuse timestamps. What
 * is null in the summary has no sample.
 */
export function openMetrics({ run, verdict, objectives }: Summary): Promise<string> {
  const registry = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ target: run.target, commit: run.commit ?? '' });
  const registers = [registry];
  for (const [name, help, value] of [
    ['start_time_seconds', 'Unix time of its start', Date.parse(run.startedAt) / 1000],
    ['duration_seconds', 'How long it took', run.durationMs / 1000],
    ['verdict', VERDICT_HELP, VERDICTS[verdict]],
  ] as const) {
    new Gauge({ name: `perf_run_${name}`, help, registers }).set(value);
  }
  for (const [suffix, help, read] of OBJECTIVE_GAUGES) {
    const labelNames = ['id', 'unit', 'known_gap'] as const;
    const gauge = new Gauge({ name: `perf_objective${suffix}`, help, labelNames, registers });
    for (const one of objectives) {
      const [value, [unit] = [one.unit]] = [read(one), BASE_UNITS[one.unit]];
      if (value !== null) gauge.set({ id: one.id, unit, known_gap: one.knownGap ?? '' }, value);
    }
  }
  return registry.metrics();
}

function toBaseUnit(value: number | null, { unit }: Judgement): number | null {
  return value === null ? null : value / (BASE_UNITS[unit]?.[1] ?? 1);
}
