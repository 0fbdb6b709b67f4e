import { metricOf } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';
import type { Events } from './event.ts';
import { isBad } from './isBad.ts';

/**
 * Refuses events that no verdict may rest on.
 * @throws HarnessError RECORD_INVALID for an objective in another unit than its metric, a value that is missing, not finite or negative
 * (where the metric allows none), or one that does not say what its event says.
 */
export function checkEvents(objective: Objective, events: Events): void {
  const { kind, unit, mayBeNegative } = metricOf(objective.metric);
  if (objective.unit !== unit) {
    throw invalid(objective, 'unit', objective.unit, `${unit}, the unit of ${objective.metric}`);
  }
  if (kind === 'share' || kind === 'never' || kind === 'capacity') return;
  for (const event of events) {
    const { value, bad } = event;
    const lowest = mayBeNegative === true ? Number.NEGATIVE_INFINITY : 0;
    if (value === null || !Number.isFinite(value) || value < lowest) {
      throw invalid(objective, event.id, String(value), `a finite number of ${unit}, not negative`);
    }
    const shouldBeBad = isBad(value, objective);
    if (bad !== shouldBeBad) {
      throw invalid(
        objective,
        event.id,
        `${bad ? 'bad' : 'good'} at ${value} ${unit}`,
        shouldBeBad ? 'bad' : 'good',
      );
    }
  }
}

function invalid(objective: Objective, where: string, found: string, expected: string) {
  return new HarnessError({
    code: 'RECORD_INVALID',
    summary: `${objective.id} cannot be judged by what was recorded.`,
    path: `${objective.id} → ${where}`,
    found,
    expected,
    remedy: 'Run the measurement again; the record must not be edited.',
  });
}
