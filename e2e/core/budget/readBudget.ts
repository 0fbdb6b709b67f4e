import type { z } from 'zod';
import { checkInput } from '../checkInput.ts';
import { HarnessError } from '../harnessError.ts';
import { readJson } from '../readJson.ts';
import { type Budget, budgetFileSchema, budgetSchema } from './budgetSchema.ts';
import { type OperationCatalogue, objectiveIds } from './operationCatalogue.ts';

type BudgetFile = { text: string; file: string };

/** The file that a budget inherits a key from, or an entry of it; undefined if its own file has it. */
export type InheritedFrom = (key: string, entry?: string) => string | undefined;

/**
 * Reads a budget from the text of its file, and from the file that it extends. Errors and reports name the file to change.
 * @param readBase reads another file of the same folder, by its name
 * @throws HarnessError BUDGET_INVALID for the first mistake: no JSON, an unknown key, a value out of range, an unknown objective
 */
export function readBudget(
  text: string,
  file: string,
  catalogue: OperationCatalogue,
  readBase?: (name: string) => BudgetFile,
): { budget: Budget; inheritedFrom: InheritedFrom } {
  // Built once: zod compiles each schema when it is first used.
  const schema = budgetFileSchema(catalogue);
  const { extends: baseName, ...own } = readFile({ text, file }, schema, catalogue);
  if (baseName === undefined || readBase === undefined) {
    const budget = check(own, budgetSchema(catalogue), file, catalogue);
    return { budget, inheritedFrom: () => undefined };
  }
  const base = readBase(baseName);
  const { extends: further, ...common } = readFile(base, schema, catalogue);
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
  const budget = check(applyDifferences(common, own), budgetSchema(catalogue), file, catalogue);
  return {
    budget,
    inheritedFrom: (key, entry) =>
      isSet(common, key, entry) && !isSet(own, key, entry) ? base.file : undefined,
  };
}

type Content = Record<string, unknown> & { extends?: string };

function readFile(
  { text, file }: BudgetFile,
  schema: z.ZodType,
  catalogue: OperationCatalogue,
): Content {
  const input = readJson(text, {
    file,
    code: 'BUDGET_INVALID',
    remedy: 'Correct the file; JSON has no comments and no trailing commas.',
  });
  // Returned as it was written: a default that is filled in here would hide a value of the other file.
  check(input, schema, file, catalogue);
  return input as Content;
}

const MERGED_BY_ENTRY = ['supports', 'ceilings', 'objectives', 'loads'];

function isSet(content: Content, key: string, entry?: string): boolean {
  if (entry === undefined) return content[key] !== undefined;
  return (content[key] as Content | undefined)?.[entry] !== undefined;
}

function applyDifferences(common: Content, own: Content): Content {
  const merged = MERGED_BY_ENTRY.filter((key) => key in common || key in own).map((key) => {
    const entries = { ...(common[key] as Content), ...(own[key] as Content) };
    const kept = Object.entries(entries).filter(([, value]) => value !== null);
    return [key, Object.fromEntries(kept)];
  });
  return { ...common, ...own, ...Object.fromEntries(merged) };
}

function check<T>(
  input: unknown,
  schema: z.ZodType<T>,
  file: string,
  catalogue: OperationCatalogue,
): T {
  return checkInput(input, schema, ({ path, found, expected }, issue, more) => {
    const details = {
      code: 'BUDGET_INVALID',
      summary: `${file} is not a valid budget${more > 0 ? ` (and ${more} more after this one)` : ''}.`,
      file,
      path,
      remedy:
        'Correct the file; editors check it against budgets/budget.schema.json while you type.',
    } as const;
    const [unknownId, ...others] =
      issue.code === 'unrecognized_keys' && path === 'objectives' ? issue.keys : [];
    if (unknownId === undefined) return { ...details, found, expected };
    const what = others.length === 0 ? 'an objective that does' : 'objectives that do';
    return {
      ...details,
      found: found.replace(/^unknown keys?/, `${what} not exist,`),
      expected: suggestIds(unknownId, catalogue),
    };
  });
}

/** The ids of the operation that an unknown id begins with; if it begins with none, the operations. */
function suggestIds(unknown: string, catalogue: OperationCatalogue): string {
  const known = objectiveIds(catalogue);
  // The longest one, since the name of an operation may begin with that of another.
  const operation = Object.keys(catalogue.operations)
    .filter((name) => unknown === name || unknown.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
  const ids = known.filter((one) => one.operation === operation).map(({ id }) => id);
  if (ids.length > 0) return ids.join(', ');
  const operations = [...new Set(known.map((one) => one.operation))];
  return `<operation>.<metric>.<statistic>, with an operation of ${operations.join(', ')}`;
}
