import { resolveObjectives } from '../../core/budget/resolveObjectives.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import { SALESTALK_OPERATIONS } from '../../salestalk/operations.ts';
import { loadBudget } from '../../setup/loadBudget.ts';

/** The first line of a record of a run on this target, with all that its budget asks. @throws HarnessError BUDGET_INVALID */
export function headerOf(target: string): RunLine {
  const { budget, file } = loadBudget(target);
  return {
    type: 'run',
    schemaVersion: 1,
    id: 'bench',
    startedAt: '2027-01-15T08:00:00.000Z',
    commit: null,
    target,
    environment: {},
    ...resolveObjectives(budget, file, SALESTALK_OPERATIONS),
    knownGaps: budget.knownGaps.map(({ rationale: _, ...gap }) => gap),
    statistics: budget.statistics,
  };
}
