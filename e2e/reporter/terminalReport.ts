import { styleText } from 'node:util';
import type { Objective } from '../core/budget/objective.ts';
import { HARNESS_RULE } from '../core/verdict/harnessRule.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import { aligned } from './aligned.ts';
import { describeReasons } from './describeVerdict.ts';
import { gapLines } from './gapLines.ts';
import { describeHarness } from './harnessRows.ts';
import { loadLines } from './loadLines.ts';
import type { Mark } from './mark.ts';
import { objectiveRows } from './objectiveRows.ts';
import { stallLines } from './stallLines.ts';

const COLOURS = { pass: 'green', fail: 'red', inconclusive: 'yellow', knownGap: 'yellow' } as const;

/** Colours a text by a verdict where the terminal can show it and the reader wants it (NO_COLOR). */
export function paint(mark: Mark, text: string): string {
  return styleText(COLOURS[mark], text, { stream: process.stdout });
}

/**
 * What a run prints of its objectives: a line each, then why some are not met, what was not measured, the gaps that are known, and what
 * each load came to.
 */
export function terminalReport(summary: Summary, objectives: Objective[]): string {
  const { notMeasured, notSelected } = summary;
  const judged = summary.objectives.flatMap((judgement) => {
    const objective = objectives.find(({ id }) => id === judgement.id);
    return objective === undefined ? [] : [{ objective, judgement }];
  });
  return [
    section('', objectiveRows(judged, paint)),
    section('Why:', aligned(describeReasons(summary).map(({ what, why }) => [what, why]))),
    section('Not measured:', aligned(notMeasured.map(({ id, reason }) => [id, reason]))),
    section('Not selected:', notSelected.length === 0 ? [] : [notSelected.join(', ')]),
    section('Known gaps:', gapLines(summary.knownGaps)),
    section('Stalls of the target:', stallLines(summary)),
    section('Under load:', loadLines(summary.loads)),
    section('The harness itself:', harnessLines(summary)),
  ].join('');
}

function harnessLines(summary: Summary): string[] {
  const lines = describeHarness(summary);
  return lines.length === 0 ? [] : [...lines, HARNESS_RULE];
}

function section(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  if (title === '') return `\n${lines.join('\n')}\n`;
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
