import { HarnessError } from '../harnessError.ts';
import { readJson } from '../readJson.ts';
import { type Budget, budgetSchema } from './budgetSchema.ts';
import { describeIssue } from './describeIssue.ts';
import { objectiveIds } from './objectiveIds.ts';
import type { OperationCatalogue } from './operationCatalogue.ts';

/**
 * Reads the text of a budget file.
 * @throws HarnessError BUDGET_INVALID for the first thing wrong: not JSON, an unknown key, a value out of range, an objective that does not exist.
 */
export function readBudget(text: string, file: string, catalogue: OperationCatalogue): Budget {
  const input = readJson(text, {
    file,
    code: 'BUDGET_INVALID',
    remedy: 'Mend the file; JSON has no comments and no trailing commas.',
  });
  const schema = budgetSchema(catalogue);
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue, ...others] = result.error.issues;
  if (issue === undefined) throw new Error('zod refused a budget without saying why');
  const { path, found, expected } = describeIssue(issue, input, schema);
  const isUnknownObjective = issue.code === 'unrecognized_keys' && path === 'objectives';
  throw new HarnessError({
    code: 'BUDGET_INVALID',
    summary: `${file} is not a valid budget${others.length > 0 ? ` (and ${others.length} more to mend after this)` : ''}.`,
    file,
    path,
    found: isUnknownObjective
      ? found.replace('unknown key', 'an objective that does not exist,')
      : found,
    expected: isUnknownObjective ? knownIds(catalogue) : expected,
    remedy: 'Mend the file; editors check it against budgets/budget.schema.json while you type.',
  });
}

/** One line an operation, so that a long list stays readable. */
function knownIds(catalogue: OperationCatalogue): string {
  const ids = objectiveIds(catalogue).map(({ id }) => id);
  const byOperation = Map.groupBy(ids, (id) => id.split('.')[0]);
  return [...byOperation.values()].map((group) => group.join(', ')).join('\n');
}
