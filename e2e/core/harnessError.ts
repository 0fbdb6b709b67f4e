/** What can go wrong before or during a run. The codes are stable: programs may rely on them. */
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
  | 'BASELINE_INVALID'
  | 'LIGHTHOUSE_FAILED'
  | 'PAGE_LOST'
  | 'REPORT_IN_USE'
  | 'SPEC_INVALID'
  | 'WRITE_FAILED'
  | 'COMPARISON_INVALID'
  | 'SHARD_INVALID';

/** What a reader needs to correct a mistake: where it is, what is there, what is expected, and what to do. */
export type HarnessErrorDetails = {
  code: HarnessErrorCode;
  /** What is wrong, in one sentence. */
  summary: string;
  /** A file, a URL, or the name of an environment variable. */
  file?: string;
  /** Path inside the file, such as `objectives → "classify.latency.p95" → belowMs`. */
  path?: string;
  found?: string;
  expected?: string;
  remedy: string;
};

/** An error that the user of the harness can correct. A stack would not help, so it has none. */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode;
  readonly details: HarnessErrorDetails;

  constructor(details: HarnessErrorDetails) {
    super(formatDetails(details));
    this.name = 'HarnessError';
    this.code = details.code;
    this.details = details;
    // Otherwise Playwright would print the stack, with code of the harness.
    this.stack = this.message;
  }
}

function formatDetails(details: HarnessErrorDetails): string {
  const { code, summary, file, path, found, expected, remedy } = details;
  // Playwright would take a line that begins with "at" for a line of a stack, and print it twice.
  const lines = Object.entries({ file, where: path, found, expected, remedy }).flatMap(
    ([label, text]) => {
      const indented = text?.replaceAll('\n', `\n${' '.repeat(11)}`);
      return indented === undefined ? [] : [`  ${label.padEnd(9)}${indented}`];
    },
  );
  // A foreign text may hold control characters, which could move the cursor of a terminal or colour it.
  return [`${code}: ${summary}`, ...lines].join('\n').replaceAll(/[^\P{C}\n]/gu, ' ');
}
