import type { z } from 'zod';
import { checkInput } from '../checkInput.ts';
import { HarnessError } from '../harnessError.ts';
import { readJson } from '../readJson.ts';
import { type Budget, budgetFileSchema, budgetSchema } from './budgetSchema.ts';
import { type OperationCatalogue, objectiveIds } from './operationCatalogue.ts';

type BudgetFile = { text: string; file: string };

/**
 * Reads a budget from the text of its file, and from the file that it extends.
 * @param readBase reads another file of the same folder, by its name
 * @throws HarnessError BUDGET_INVALID for the first mistake: no JSON, an unknown key, a value out of range, an unknown objective
 */
export function readBudget(
  text: string,
  file: string,
  catalogue: OperationCatalogue,
  readBase?: (name: string) => BudgetFile,
): Budget {
  const { extends: baseName, ...own } = readFile({ text, file }, catalogue);
  if (baseName === undefined || readBase === undefined) {
    return check(own, budgetSchema(catalogue), file, catalogue);
  }
  const base = readBase(baseName);
  const { extends: further, ...common } = readFile(base, catalogue);
  if (further !== undefined) {
    throw new HarnessError({
      code: 'BUDGET_INVALID',
      summary: `${base.file} extends another budget, and is extended by ${file}.`,
      file: base.file,
      path: 'extends',
      found: further,
      expected: 'no such key in a file that another one extends',
      remedy: `Copy into ${base.file} what it takes from ${further}.`,
    });
  }
  return check(withDifferences(common, own), budgetSchema(catalogue), file, catalogue);
}

type Content = Record<string, unknown> & { extends?: string };

function readFile({ text, file }: BudgetFile, catalogue: OperationCatalogue): Content {
  const input = readJson(text, {
    file,
    code: 'BUDGET_INVALID',
    remedy: 'Correct the file; JSON has no comments and no trailing commas.',
  });
  // Returned as it was written: a default filled in here would hide a value of the other file.
  check(input, budgetFileSchema(catalogue), file, catalogue);
  return input as Content;
}

const BY_ENTRY = ['supports', 'ceilings', 'objectives', 'loads'];

function withDifferences(common: Content, own: Content): Content {
  const byEntry = BY_ENTRY.filter((key) => key in common || key in own).map((key) => {
    const entries = { ...(common[key] as Content), ...(own[key] as Content) };
    const kept = Object.entries(entries).filter(([, value]) => value !== null);
    return [key, Object.fromEntries(kept)];
  });
  return { ...common, ...own, ...Object.fromEntries(byEntry) };
}

function check<T>(
  input: unknown,
  schema: z.ZodType<T>,
  file: string,
  catalogue: OperationCatalogue,
): T {
  return checkInput(input, schema, ({ path, found, expected }, { code }, more) => {
    const isUnknownObjective = code === 'unrecognized_keys' && path === 'objectives';
    return {
      code: 'BUDGET_INVALID',
      summary: `${file} is not a valid budget${more > 0 ? ` (and ${more} more after this one)` : ''}.`,
      file,
      path,
      found: isUnknownObjective
        ? found.replace('unknown key', 'an objective that does not exist,')
        : found,
      expected: isUnknownObjective ? listIds(catalogue) : expected,
      remedy:
        'Correct the file; editors check it against budgets/budget.schema.json while you type.',
    };
  });
}

/** A line for each operation, since the list is long. */
function listIds(catalogue: OperationCatalogue): string {
  const ids = objectiveIds(catalogue).map(({ id }) => id);
  const byOperation = Map.groupBy(ids, (id) => id.split('.')[0]);
  return [...byOperation.values()].map((group) => group.join(', ')).join('\n');
}
