import { HarnessError } from '../../core/harnessError.ts';
import type { Load } from '../../core/load/loadSchema.ts';
import type { RunLine } from '../../core/record/recordLine.ts';
import type { RunContext } from '../../setup/runContext.ts';
import { costOfLoad } from './loadCost.ts';

/**
 * Refuses loads that cost more than their own ceilings allow; the ceilings of the run are held to when they are measured. To be asked
 * before anything is sent.
 * @throws HarnessError CEILING_EXCEEDED
 */
export function refuseLoads(header: RunLine, target: RunContext['target']): void {
  for (const [name, load] of Object.entries(target.loads)) {
    const judged = header.objectives.filter(({ workload }) => workload === name);
    if (load === undefined || judged.length === 0) continue;
    const sampleBudget = Math.max(...judged.map((objective) => objective.sampleBudget));
    refuseBeyondOwnCeilings(name, load, sampleBudget, target);
  }
}

function refuseBeyondOwnCeilings(
  name: string,
  load: Load,
  sampleBudget: number,
  target: RunContext['target'],
): void {
  const cost = costOfLoad(load, sampleBudget);
  const isPaid = !target.supports.mockedAi;
  for (const key of ['modelCalls', 'tokens'] as const) {
    const [amount, allowed] = [cost[key], load.ceilings[key]];
    // A mocked model is paid nothing.
    if (!isPaid || amount === null || allowed === undefined || amount <= allowed) continue;
    throw new HarnessError({
      code: 'CEILING_EXCEEDED',
      summary: `The load "${name}" would cost ${target.name} more than its own ceilings allow.`,
      file: `budgets/${target.name}.json`,
      path: `loads → ${name} → ceilings → ${key}`,
      found: `${amount} planned`,
      expected: `at most ${allowed}`,
      remedy: 'Lower the rate or the duration, set ceilings → requests, or raise the ceiling.',
    });
  }
}
