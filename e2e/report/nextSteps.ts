import path from 'node:path';
import type { TestInfo } from '@playwright/test';
import type { TestCase } from '@playwright/test/reporter';
import type { ChartName } from '../core/budget/metric.ts';
import type { Objective } from '../core/budget/objective.ts';
import { isTooDisturbed } from '../core/record/setAside.ts';
import { quoteForShell } from '../core/terminalText.ts';
import { formatCount } from '../core/verdict/format.ts';
import type { Judgement } from '../core/verdict/judgement.ts';
import { declaredObjectives } from './testOutcomes.ts';

/** The budget's target, and the command that runs the test again. */
export type Rerun = { target: string; command: string };

type RerunTest = Pick<TestInfo, 'file' | 'line' | 'tags'> & { project: { name: string } };

/** The command selects the test by the tag of the objective, else by its file and line. */
export function planRerun(
  { file, line, tags, project }: RerunTest,
  id: string,
  target: string,
): Rerun {
  // In double quotes: PowerShell would interpret a bare `@`.
  const which = tags.includes(`@${id}`)
    ? `--grep "@${id}"`
    : quoteForShell(`${path.relative(process.cwd(), file)}:${line}`);
  const command = `npx playwright test ${quoteForShell(`--project=${project.name}`)} ${which}`;
  return { target, command };
}

/** Finds the command that runs the test of an objective again. */
export function findReruns(tests: readonly TestCase[], target: string): (id: string) => Rerun {
  return (id) => {
    const test = tests.find((one) => declaredObjectives(one).includes(id));
    if (test === undefined) return { target, command: `npx playwright test --grep "@${id}"` };
    const { location, tags } = test;
    const [, name = ''] = test.titlePath();
    return planRerun({ ...location, tags, project: { name } }, id, target);
  };
}

/** What to do about a verdict that is not a pass. */
export function nextSteps(
  objective: Objective,
  judgement: Judgement,
  { target, command }: Rerun,
): string[] {
  const { inheritedFrom: file = `budgets/${target}.json` } = objective;
  const place = `objectives → "${objective.id}" in ${file}`;
  const where = target === USUAL_TARGET ? '' : `, with the target ${target}`;
  const again = `Run it again${where}:\n${command}`;
  if (judgement.n === 0) {
    return ['The reason, or the output of the run, says why nothing was measured.', again];
  }
  if (judgement.verdict === 'fail') {
    const { advice, chart } = objective.metric;
    const plotHint =
      PLOT_HINTS[chart] ?? 'Its plot shows whether they came in a burst or all the time.';
    return [
      typeof advice === 'string' ? advice : advice(objective),
      ...(chart === 'none' ? [] : [plotHint]),
      `If the objective is wrong, change ${place}.`,
      again,
    ];
  }
  const { stillNeeded, n, setAside } = judgement;
  const { sampleBudget, metric } = objective;
  if (isTooDisturbed(setAside, n)) {
    return [
      `Run it again${where}, while nothing else keeps the measuring machine busy:\n${command}`,
      'If as much is set aside again, measure from a faster machine.',
    ];
  }
  // A longer run would not help.
  if (stillNeeded === null && metric.chart === 'none') return [EARLIER_RUNS_HINT, again];
  const needed = n + (stillNeeded ?? 0);
  if (stillNeeded === null || needed <= sampleBudget) {
    const until = stillNeeded === null ? '' : `; it takes about ${formatCount(needed)} events`;
    return [
      `Run it again${where}${until}:\n${command}`,
      // What has more events than that is undecided for another reason.
      ...(n > sampleBudget
        ? []
        : [
            `If the verdict stays inconclusive, raise sampleBudget of ${place} (it is ${sampleBudget}).`,
          ]),
    ];
  }
  if (needed > sampleBudget * MAX_TIMES_LONGER) {
    return [
      `The result is so close to the objective that a verdict needs about ${formatCount(needed)} events: change the objective, ${place}, or judge it over many runs.`,
      again,
    ];
  }
  return [
    `Set sampleBudget of ${place} to ${needed} or more (it is ${sampleBudget}), and run it again${where}:\n${command}`,
  ];
}

/** Of a run that names none. */
const USUAL_TARGET = 'local';

const EARLIER_RUNS_HINT =
  'A verdict takes more earlier runs: keep a history (PERF_HISTORY), and accept a baseline of more runs (npm run baseline:accept -- --runs 10).';

const PLOT_HINTS: Partial<Record<ChartName, string>> = {
  counts: 'Its plot shows how often each count occurred.',
  growth: 'Its plot shows whether it grew in steps or steadily.',
};

/** To advise a run that is longer than this many times the plan would not help. */
const MAX_TIMES_LONGER = 20;
