/** Stable codes of everything that can be wrong before or during a run. Programs may rely on them. */
export type HarnessErrorCode =
  | 'BUDGET_INVALID'
  | 'ENVIRONMENT_INVALID'
  | 'RECORD_INVALID'
  | 'OPTION_REFUSED'
  | 'TARGET_UNREACHABLE'
  | 'TARGET_UNHEALTHY'
  | 'TARGET_FOREIGN'
  | 'HOST_NOT_ALLOWED'
  | 'TOKEN_INVALID'
  | 'CEILING_EXCEEDED'
  | 'START_FAILED'
  | 'AI_MOCK_FAILED'
  | 'NO_BROWSER'
  | 'SIGN_IN_FAILED'
  | 'HISTORY_INVALID'
  | 'LIGHTHOUSE_FAILED'
  | 'PAGE_LOST'
  | 'REPORT_IN_USE'
  | 'WRITE_FAILED';

/** What a reader needs to mend bad input: where it stands, what stands there, what should, and what to do. */
export type HarnessErrorDetails = {
  code: HarnessErrorCode;
  /** One sentence: what could not be done. */
  summary: string;
  /** File, or the name of the variable. */
  file?: string;
  /** Path inside the file, such as `objectives → "classify.latency.p95" → belowMs`. */
  path?: string;
  found?: string;
  expected?: string;
  remedy: string;
};

/** An error that is the reader's to mend. Its message is all there is to show: the stack is left empty on purpose. */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode;
  readonly details: HarnessErrorDetails;

  constructor(details: HarnessErrorDetails) {
    super(formatDetails(details));
    this.name = 'HarnessError';
    this.code = details.code;
    this.details = details;
    // Playwright prints the stack where there is one, with a code frame of the harness, which does not help.
    this.stack = this.message;
  }
}

function formatDetails(details: HarnessErrorDetails): string {
  const rows: [string, string | undefined][] = [
    ['file', details.file],
    ['at', details.path],
    ['found', details.found],
    ['expected', details.expected],
    ['remedy', details.remedy],
  ];
  const lines = rows
    .filter((row): row is [string, string] => row[1] !== undefined)
    .map(([label, text]) => `  ${label.padEnd(9)}${text.replaceAll('\n', `\n${' '.repeat(11)}`)}`);
  return showable([`${details.code}: ${details.summary}`, ...lines].join('\n'));
}

/** What was found may be anyone's text: characters that move a terminal's cursor, colour it or reorder what it shows become spaces. */
function showable(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, ' ');
}
