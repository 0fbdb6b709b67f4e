import { styleText } from 'node:util';
import type { Objective } from '../core/budget/objective.ts';
import { HARNESS_RULE } from '../core/verdict/harnessRule.ts';
import type { Summary } from '../core/verdict/runSummary.ts';
import type { VerdictName } from '../core/verdict/verdict.ts';
import { describeReasons } from './describeVerdict.ts';
import { describeHarness } from './harnessRows.ts';
import { objectiveRows } from './objectiveRows.ts';

const COLOURS = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;

/** Colours a text by a verdict where the terminal can show it and the reader wants it (NO_COLOR). */
export function paint(verdict: VerdictName, text: string): string {
  return styleText(COLOURS[verdict], text, { stream: process.stdout });
}

/**
 * What a run prints of its objectives: a line each, then why some are not met, what was not measured, and the gaps that are known.
 * @param notSelected ids that are left out of the list of what was not measured, and told in one line
 */
export function terminalReport(
  summary: Summary,
  objectives: Objective[],
  notSelected: string[],
): string {
  const judged = summary.objectives.flatMap((judgement) => {
    const objective = objectives.find(({ id }) => id === judgement.id);
    return objective === undefined ? [] : [{ objective, judgement }];
  });
  const missing = summary.notMeasured.filter(({ id }) => !notSelected.includes(id));
  return [
    section('', objectiveRows(judged, paint)),
    section('Why:', aligned(describeReasons(summary).map(({ what, why }) => [what, why]))),
    section('Not measured:', aligned(missing.map(({ id, reason }) => [id, reason]))),
    section('Not selected:', notSelected.length === 0 ? [] : [notSelected.join(', ')]),
    section(
      'Known gaps:',
      aligned(
        summary.knownGaps.map(({ id, state, release, impact }) => [
          id,
          GAP_STATES[state],
          `planned for ${release}`,
          `impact ${impact}`,
        ]),
      ),
    ),
    section('The harness itself:', harnessLines(summary)),
  ].join('');
}

function harnessLines(summary: Summary): string[] {
  const lines = describeHarness(summary);
  return lines.length === 0 ? [] : [...lines, HARNESS_RULE];
}

export const GAP_STATES = { open: 'open', closed: 'closed', notMeasured: 'not measured' } as const;

function section(title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  if (title === '') return `\n${lines.join('\n')}\n`;
  return `\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}

/** Pads every column but the last to its widest text. */
function aligned(rows: string[][]): string[] {
  return rows.map((row) =>
    row
      .map((text, at) =>
        at === row.length - 1
          ? text
          : text.padEnd(Math.max(...rows.map((other) => (other[at] ?? '').length))),
      )
      .join('  '),
  );
}
