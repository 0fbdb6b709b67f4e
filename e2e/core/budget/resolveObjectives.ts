import { HarnessError } from '../harnessError.ts';
import type { Budget, BudgetObjective } from './budgetSchema.ts';
import { planWindowSize } from './loadSchema.ts';
import type { Objective } from './objective.ts';
import { type ObjectiveId, type OperationCatalogue, objectiveIds } from './operationCatalogue.ts';
import type { InheritedFrom } from './readBudget.ts';
import { assertLoadSuffices, assertSampleBudgetSuffices } from './sampleBudget.ts';

/** The objectives of a budget that its target can be judged by. The others, with the reason, are not measured. */
export type ResolvedObjectives = {
  objectives: Objective[];
  notMeasured: { id: string; reason: string }[];
};

/** @throws HarnessError BUDGET_INVALID for objectives that contradict each other, or that their samples can never establish */
export function resolveObjectives(
  budget: Budget,
  file: string,
  catalogue: OperationCatalogue,
  inheritedFrom: InheritedFrom = () => undefined,
): ResolvedObjectives {
  const written = objectiveIds(catalogue).flatMap((id) => {
    const entry = budget.objectives[id.id];
    if (entry === undefined) return [];
    return [{ needs: id.needs, objective: toObjective(id, entry, budget, inheritedFrom) }];
  });
  for (const { objective } of written) {
    assertSampleBudgetSuffices(objective, budget.statistics.falsePass, file);
    const kind = catalogue.operations[objective.operation]?.load;
    if (kind !== undefined) assertLoadSuffices(objective, kind, budget, { file, inheritedFrom });
  }
  refuseContradictions(
    written.map(({ objective }) => objective),
    file,
  );
  const { load, faults } = budget.ceilings;
  const offered = { ...budget.supports, load, faults, embedded: budget.embedded !== undefined };
  const resolved: ResolvedObjectives = { objectives: [], notMeasured: [] };
  for (const { objective, needs } of written) {
    const lacking = needs.find((need) => !offered[need]);
    if (lacking === undefined) resolved.objectives.push(objective);
    else resolved.notMeasured.push({ id: objective.id, reason: LACKING[lacking] });
  }
  return resolved;
}

const LACKING = {
  api: 'target has no API',
  ui: 'target has no UI',
  streaming: 'target does not stream its answers',
  mockedAi: 'target does not use the mocked AI, so calls of the model cannot be seen',
  serverMetrics: 'target has no /metrics',
  load: 'the budget of the target allows no load',
  faults: 'the budget of the target allows no faults of its model',
  embedded: 'target is not started by the harness',
} as const;

function toObjective(
  id: ObjectiveId,
  written: BudgetObjective,
  { loads }: Budget,
  inheritedFrom: InheritedFrom,
): Objective {
  const { needs: _, ...common } = id;
  const { sampleBudget, onInconclusive } = written;
  const { kind, unit, key, limitsBadShare } = id.metric;
  const objective = Number(written[key]);
  const timeLimit = kind === 'capacity' ? { keptBelowMs: Number(written.p95BelowMs) } : {};
  const load = id.workload === null ? undefined : loads[id.workload];
  const base = inheritedFrom('objectives', id.id);
  return {
    ...common,
    unit,
    objective,
    ...timeLimit,
    ...(load === undefined ? {} : planWindowSize({ metric: id.metric, sampleBudget }, load)),
    allowedShare: allowedShare(),
    sampleBudget,
    onInconclusive,
    ...(base === undefined ? {} : { inheritedFrom: base }),
  };

  function allowedShare(): number {
    if (kind === 'quantile') return round(1 - (id.quantile as number));
    if (kind === 'capacity') return KEPT_ALLOWED_SHARE;
    if (kind !== 'share') return 0;
    return limitsBadShare === true ? objective : round(1 - objective);
  }
}

/** A rate is kept if the P95 stays below its limit. */
const KEPT_ALLOWED_SHARE = 0.05;

/** 1 − 0.95 is 0.050000000000000044 in floating point. */
function round(share: number): number {
  return Number(share.toPrecision(12));
}

/** A higher quantile is never below a lower one, so its limit must not be either. */
function refuseContradictions(objectives: Objective[], file: string) {
  const quantiles = objectives.filter((objective) => objective.quantile !== null);
  const groups = Map.groupBy(quantiles, ({ operation, metric }) => `${operation}.${metric.name}`);
  for (const group of groups.values()) {
    const sorted = [...group].sort((a, b) => (a.quantile as number) - (b.quantile as number));
    sorted.forEach((higher, at) => {
      const lower = sorted[at - 1];
      if (lower === undefined || higher.objective >= lower.objective) return;
      const [place, other] = [higher, lower].map((one) => one.inheritedFrom ?? file);
      const elsewhere = place === other ? '' : ` in ${other}`;
      throw new HarnessError({
        code: 'BUDGET_INVALID',
        summary: `${file} has objectives that contradict one another.`,
        file: String(place),
        path: `objectives → "${higher.id}" → ${higher.metric.key}`,
        found: String(higher.objective),
        expected: `${lower.objective} or more, since "${lower.id}" is ${lower.objective}${elsewhere}`,
        remedy: 'Raise the one or lower the other.',
      });
    });
  }
}
