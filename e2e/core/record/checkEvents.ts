import { METRICS } from '../budget/metrics.ts';
import type { Objective } from '../budget/objective.ts';
import { HarnessError } from '../harnessError.ts';
import type { Event } from './event.ts';

/**
 * Refuses events that no verdict may rest on.
 * @throws HarnessError RECORD_INVALID for an objective in another unit than its metric, a value that is missing, not finite or negative
 * (own time alone may fall a little under zero: two clocks take part in it), or one that does not say what its event says.
 */
export function checkEvents(objective: Objective, events: Event[]): void {
  const { kind, unit } = METRICS[objective.metric];
  if (objective.unit !== unit) {
    throw invalid(objective, 'unit', objective.unit, `${unit}, the unit of ${objective.metric}`);
  }
  if (kind === 'share') return;
  for (const { id, value, bad } of events) {
    const lowest = objective.metric === 'ownTime' ? Number.NEGATIVE_INFINITY : 0;
    if (value === null || !Number.isFinite(value) || value < lowest) {
      throw invalid(objective, id, String(value), `a finite number of ${unit}, not negative`);
    }
    const shouldBeBad =
      kind === 'quantile' ? value >= objective.objective : value > objective.objective;
    if (bad !== shouldBeBad) {
      throw invalid(
        objective,
        id,
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
