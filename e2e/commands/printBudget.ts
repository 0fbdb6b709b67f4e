import { budgetedTargets, loadBudget } from '../setup/loadBudget.ts';
import { runCommand } from './tools.ts';

// `npm run budget -- <target>`: prints a budget with what it takes from the file that it extends, and with all defaults.
await runCommand(([target]) => {
  if (target === undefined) {
    process.stdout.write(`npm run budget -- <target>, one of ${budgetedTargets().join(', ')}\n`);
    return 1;
  }
  process.stdout.write(`${JSON.stringify(loadBudget(target).budget, null, 2)}\n`);
  return 0;
});
