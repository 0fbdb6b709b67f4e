import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Objective } from '../core/budget/objective.ts';
import { readBudget } from '../core/budget/readBudget.ts';
import { type ResolvedObjectives, resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { HarnessError } from '../core/harnessError.ts';
import type { RunLine } from '../core/record/recordLine.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import type { RunContext } from './runContext.ts';

const BUDGET_DIR = 'budgets';

/** A file that budgets extend, not a target. */
const COMMON = 'common.json';

type LoadedBudget = ReturnType<typeof readBudget> & { file: string };

/** Reads `budgets/<target>.json`, and the file that it extends. @throws HarnessError BUDGET_INVALID */
export function loadBudget(target: string): LoadedBudget {
  const file = path.posix.join(BUDGET_DIR, `${target}.json`);
  const read = readBudget(readText(file), file, SALESTALK_CATALOGUE, (name) => {
    const base = path.posix.join(BUDGET_DIR, name);
    if (!existsSync(base)) throw missingBase(file, name);
    return { file: base, text: readText(base) };
  });
  return { file, ...read };
}

/**
 * What a run is judged by: the part of its first line that stands in the budget.
 * @throws HarnessError BUDGET_INVALID for objectives that contradict each other, or that their samples can never establish
 */
export function resolveBudget(
  { budget, file, inheritedFrom }: LoadedBudget,
  supports = budget.supports,
): Pick<RunLine, 'objectives' | 'notMeasured' | 'knownGaps' | 'statistics'> {
  const base = inheritedFrom('knownGaps');
  return {
    ...resolveObjectives({ ...budget, supports }, file, SALESTALK_CATALOGUE, inheritedFrom),
    knownGaps: budget.knownGaps.map(({ rationale: _, ...gap }) =>
      base === undefined ? gap : { ...gap, inheritedFrom: base },
    ),
    statistics: budget.statistics,
  };
}

export function budgetedTargets(): string[] {
  return readdirSync(BUDGET_DIR)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json') && name !== COMMON)
    .map((name) => path.parse(name).name);
}

function missingBase(file: string, name: string): HarnessError {
  return new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${file} extends a file that does not exist.`,
    file,
    path: 'extends',
    found: name,
    expected: `the name of a file in ${BUDGET_DIR}/, such as ${COMMON}`,
    remedy: 'Correct the name, or write all objectives into this file and remove "extends".',
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new HarnessError({
      code: 'BUDGET_INVALID',
      summary: code === 'ENOENT' ? `There is no ${file}.` : `${file} cannot be read.`,
      file,
      found: code === 'ENOENT' ? describeTargets() : String(code),
      expected: 'a budget for the target that SALESTALK_TARGET names',
      remedy: `Copy a budget to ${file} and put the target's hosts and objectives in it, or name another target.`,
    });
  }
}

function describeTargets(): string {
  if (!existsSync(BUDGET_DIR)) return `no folder ${BUDGET_DIR} either`;
  return `budgets for ${budgetedTargets().join(', ')}`;
}

/** Lists objectives as not measured for which the target has too few tenants. */
export function excludeMultiTenantObjectives(
  resolved: ResolvedObjectives,
  target: Pick<RunContext['target'], 'tenants' | 'loads'>,
): ResolvedObjectives {
  const objectives: ResolvedObjectives['objectives'] = [];
  const notMeasured = [...resolved.notMeasured];
  for (const objective of resolved.objectives) {
    const reason = describeTenantShortage(objective, target);
    if (reason === null) objectives.push(objective);
    else notMeasured.push({ id: objective.id, reason });
  }
  return { objectives, notMeasured };
}

function describeTenantShortage(
  { metric, workload }: Objective,
  { tenants, loads }: Pick<RunContext['target'], 'tenants' | 'loads'>,
): string | null {
  if (tenants.length === 1 && metric.comparesTenants) {
    return 'target has one tenant, and it takes two';
  }
  const scenarios = (workload === null ? undefined : loads[workload])?.scenarios ?? [];
  const shares = Math.max(0, ...scenarios.map(({ tenantShares }) => tenantShares?.length ?? 0));
  if (shares <= tenants.length) return null;
  return `the load "${workload}" takes ${shares} tenants, and there are tokens for ${tenants.length} (SALESTALK_TENANTS, SALESTALK_TOKENS)`;
}
