import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Budget } from '../core/budget/budgetSchema.ts';
import { readBudget } from '../core/budget/readBudget.ts';
import { HarnessError } from '../core/harnessError.ts';
import { SALESTALK_OPERATIONS } from '../salestalk/operations.ts';

/** Budget files, seen from the top of the project. */
export const BUDGET_DIR = 'budgets';

/** What several targets share; no target itself. */
const COMMON = 'common.json';

/** Reads `budgets/<target>.json`, and the file that it extends. @throws HarnessError BUDGET_INVALID */
export function loadBudget(target: string): { budget: Budget; file: string } {
  const file = path.posix.join(BUDGET_DIR, `${target}.json`);
  const budget = readBudget(readText(file), file, SALESTALK_OPERATIONS, (name) => {
    const base = path.posix.join(BUDGET_DIR, name);
    return { file: base, text: readText(base) };
  });
  return { file, budget };
}

/** The targets that have a budget. */
export function budgetedTargets(): string[] {
  return readdirSync(BUDGET_DIR)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json') && name !== COMMON)
    .map((name) => path.parse(name).name);
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
