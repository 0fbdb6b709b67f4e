import path from 'node:path';
import type { TestInfo } from '@playwright/test';
import type { Objective } from '../core/budget/objective.ts';
import { quoteForShell } from '../core/quoteForShell.ts';
import type { Judgement } from '../core/verdict/verdict.ts';
import { type PlotKind, plotKind } from '../report/charts/plotObjective.ts';
import { findTheCause } from './remediationHints.ts';

/** Where the budget stands and how the test is run again. */
export type Rerun = { target: string; command: string };

/** The command to copy that runs a test again: by the objective that its title names, else by its place. */
export function rerunOf(
  {
    file,
    line,
    title,
    project,
  }: Pick<TestInfo, 'file' | 'line' | 'title'> & {
    project: { name: string };
  },
  id: string,
  target: string,
): Rerun {
  const which = title.includes(id)
    ? ['--grep', id]
    : [`${path.relative(process.cwd(), file)}:${line}`];
  const words = ['npx', 'playwright', 'test', `--project=${project.name}`, ...which];
  return { target, command: words.map(quoteForShell).join(' ') };
}

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
      `Run it again:\n${command}`,
    ];
  }
  if (judgement.verdict === 'fail') {
    return [
      findTheCause(objective),
      IN_THE_PLOT[plotKind(objective)] ??
        'The plot attached to this test shows whether they came in a burst or all along.',
      `If the objective is the wrong one, change ${place}.`,
      `Run it again:\n${command}`,
    ];
  }
  const { stillNeeded, n } = judgement;
  const { sampleBudget } = objective;
  const again = `Run it again:\n${command}`;
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
    `Then run it again:\n${command}`,
  ];
}

const IN_THE_PLOT: Partial<Record<PlotKind, string>> = {
  counts: 'The plot attached to this test shows how many there were of which.',
  growth: 'The plot attached to this test shows whether it grew by steps or all along.',
};

/** A run this much longer than planned is no advice. */
const MOST_TIMES_LONGER = 20;
