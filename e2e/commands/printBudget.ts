import { resolveObjectives } from '../core/budget/resolveObjectives.ts';
import { SALESTALK_CATALOGUE } from '../salestalk/operations.ts';
import { budgetedTargets, loadBudget } from '../setup/loadBudget.ts';
import { runCommand } from './tools.ts';

// `npm run budget -- <target>`: prints a budget with what it takes from the file that it extends, and with all defaults.
// Refuses a budget that a run would refuse before it starts anything.
await runCommand(([target]) => {
  if (target === undefined) {
    process.stdout.write(`npm run budget -- <target>, one of ${budgetedTargets().join(', ')}\n`);
    return 1;
  }
  const { budget, file } = loadBudget(target);
  resolveObjectives(budget, file, SALESTALK_CATALOGUE);
  process.stdout.write(`${JSON.stringify(budget, null, 2)}\n`);
  return 0;
});
