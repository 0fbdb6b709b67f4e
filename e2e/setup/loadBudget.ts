import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Budget } from '../core/budget/budgetSchema.ts';
import { readBudget } from '../core/budget/readBudget.ts';
import { HarnessError } from '../core/harnessError.ts';
import { SALESTALK_OPERATIONS } from '../salestalk/operations.ts';

/** Budget files, seen from the top of the project. */
export const BUDGET_DIR = 'budgets';

/** Reads `budgets/<target>.json`. @throws HarnessError BUDGET_INVALID */
export function loadBudget(target: string): { budget: Budget; file: string } {
  const file = path.posix.join(BUDGET_DIR, `${target}.json`);
  return { file, budget: readBudget(readText(file), file, SALESTALK_OPERATIONS) };
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
  const targets = readdirSync(BUDGET_DIR)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.schema.json'))
    .map((name) => path.parse(name).name);
  return `budgets for ${targets.join(', ')}`;
}
