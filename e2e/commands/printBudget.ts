import { budgetedTargets, loadBudget, resolveBudget } from '../setup/loadBudget.ts';
import { runCommand } from './tools.ts';

// `npm run budget -- <target>`: prints a budget with everything that it inherits, and with all defaults.
// It refuses a budget that a run would refuse.
await runCommand(([target]) => {
  if (target === undefined) {
    process.stdout.write(`npm run budget -- <target>, one of ${budgetedTargets().join(', ')}\n`);
    return 1;
  }
  const loaded = loadBudget(target);
  resolveBudget(loaded);
  process.stdout.write(`${JSON.stringify(loaded.budget, null, 2)}\n`);
  return 0;
});
