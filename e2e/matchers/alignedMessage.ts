import { wrapText } from '../core/wrapText.ts';

/** Head of every message of the matcher, by which the reporter tells a missed objective from a test that broke. */
export function messageHead(id: string): string {
  return `expect(measured).toMeetBudget('${id}') failed`;
}

/** Where the texts beside the labels begin. */
export const INDENT = 11;

/**
 * The aligned form of Playwright's own matchers: what was held against what, a row each; findings; and what to do next.
 * @param rows label and text, which may be coloured
 */
export function alignedMessage(
  id: string,
  rows: [label: string, text: string][],
  findings: string[],
  steps: string[],
): string {
  return [
    messageHead(id),
    '',
    ...rows.map(([label, text]) => `${`${label}:`.padEnd(INDENT)}${text}`),
    ...findings,
    '',
    'What to do next:',
    ...steps.map((step) => `  - ${wrapText(step, 4)}`),
    '',
  ].join('\n');
}
