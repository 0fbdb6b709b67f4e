import { HarnessError } from '../core/harnessError.ts';
import { budgetedTargets, loadBudget } from '../setup/loadBudget.ts';

/** `npm run budget -- <target>`: prints a budget with what it takes from the file that it extends, and with all defaults. */
function printBudget(target: string | undefined): number {
  try {
    if (target === undefined) {
      process.stdout.write(`npm run budget -- <target>, one of ${budgetedTargets().join(', ')}\n`);
      return 1;
    }
    process.stdout.write(`${JSON.stringify(loadBudget(target).budget, null, 2)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = printBudget(process.argv[2]);
