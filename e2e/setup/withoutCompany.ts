import type { MetricName } from '../core/budget/metrics.ts';
import type { Objective } from '../core/budget/objective.ts';
import type { ResolvedObjectives } from '../core/budget/resolveObjectives.ts';
import type { RunContext } from './runContext.ts';

/** What it takes a second tenant to see. */
const TAKES_TWO: readonly MetricName[] = ['isolation', 'fairness'];

/** Lists as not measured what a target with so few tenants cannot show. */
export function withoutCompany(
  resolved: ResolvedObjectives,
  target: Pick<RunContext['target'], 'tenants' | 'loads'>,
): ResolvedObjectives {
  const left = resolved.objectives.flatMap((objective) => {
    const reason = whyNot(objective, target);
    return reason === null ? [] : [{ id: objective.id, reason }];
  });
  const ids = left.map(({ id }) => id);
  return {
    objectives: resolved.objectives.filter(({ id }) => !ids.includes(id)),
    notMeasured: [...resolved.notMeasured, ...left],
  };
}

function whyNot(
  { metric, workload }: Objective,
  { tenants, loads }: Pick<RunContext['target'], 'tenants' | 'loads'>,
): string | null {
  if (tenants.length === 1 && TAKES_TWO.includes(metric)) {
    return 'target has one tenant, and it takes two';
  }
  const scenarios = (workload === null ? undefined : loads[workload])?.scenarios ?? [];
  const shares = Math.max(0, ...scenarios.map(({ tenantShares }) => tenantShares?.length ?? 0));
  if (shares <= tenants.length) return null;
  return `the load "${workload}" takes ${shares} tenants, and there are tokens for ${tenants.length} (SALESTALK_TENANTS, SALESTALK_TOKENS)`;
}
