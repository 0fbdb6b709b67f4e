import type { Objective } from '../core/budget/objective.ts';
import type { Judgement } from '../core/verdict/verdict.ts';

/** Where the budget stands and how the test is run again. */
export type Rerun = { target: string; command: string };

/** What a reader of a verdict that is not a pass can do about it, one step a line. */
export function nextSteps(
  objective: Objective,
  judgement: Judgement,
  { target, command }: Rerun,
): string[] {
  const place = `objectives → "${objective.id}" in budgets/${target}.json`;
  if (judgement.n === 0) {
    return [
      'See above or in the output of the run why nothing was measured.',
      `Run it again: ${command}`,
    ];
  }
  if (judgement.verdict === 'fail') {
    return [
      FIND_THE_CAUSE[objective.metric](objective.operation),
      'The plot attached to this test shows whether they came in a burst or all along.',
      `If the objective is the wrong one, change ${place}.`,
      `Run it again: ${command}`,
    ];
  }
  const { stillNeeded, n } = judgement;
  const { sampleBudget } = objective;
  const again = `Run it again: ${command}`;
  const needed = n + (stillNeeded ?? 0);
  if (stillNeeded === null || needed <= sampleBudget) {
    return [again, `If it stays so, raise sampleBudget of ${place} (it is ${sampleBudget}).`];
  }
  if (needed > sampleBudget * MOST_TIMES_LONGER) {
    return [
      `What was measured is so close to the objective that it would take some ${needed} events: move the objective away from it, ${place}, or judge it over many runs.`,
      again,
    ];
  }
  return [
    `Set sampleBudget of ${place} to ${needed} or more (it is ${sampleBudget}).`,
    `Then: ${command}`,
  ];
}

/** A run this much longer than planned is no advice. */
const MOST_TIMES_LONGER = 20;

const FIND_THE_CAUSE: Record<Objective['metric'], (operation: string) => string> = {
  latency: (operation) =>
    `Find these requests in the log of the target by their request ids; ${operation}.ownTime says whether the model was slow or the target itself.`,
  firstChunk: () => 'Find these requests in the log of the target by their request ids.',
  ownTime: () =>
    "The model's time is already left out: look for what the target does before, between and after its calls of the model.",
  metadata: () => 'Compare what these answers report of themselves with what the harness measured.',
  availability: () => 'Find these requests in the log of the target by their request ids.',
  modelCalls: () =>
    'Look for retries and calls that are made twice; each call of the model is a cost.',
};
