import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { budgetFileSchema } from '../core/budget/budgetSchema.ts';
import { summaryJsonSchema } from '../core/verdict/runSummary.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { ROOT } from './tools.ts';

/** JSON Schemas for editors and other programs, by file. They are generated from the zod schemas and committed; a test compares them. */
export function generatedSchemas(): Record<string, string> {
  const budget = z.toJSONSchema(budgetFileSchema(SALESTALK_CATALOGUE), { io: 'input' });
  return {
    'budgets/budget.schema.json': print({
      title: 'Performance budget of a SalesTalk target',
      ...budget,
    }),
    'e2e/report/summary.schema.json': print(summaryJsonSchema()),
  };
}

function print(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(generatedSchemas())) {
    writeFileSync(join(ROOT, file), text);
    process.stdout.write(`wrote ${file}\n`);
  }
}
