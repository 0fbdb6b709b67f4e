/** Why the process does not start: a stable code, and a message that says what to do. */
export class StartError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'StartError';
    this.code = code;
  }
}

/**
 * Announces to the parent process, as one JSON line on standard output, that a server accepts connections.
 * Standard output carries nothing else, so that a parent can parse it; words for people go to standard error.
 */
export function announce(listening: { name: string; url: string; controlUrl?: string }): void {
  process.stdout.write(`${JSON.stringify({ event: 'listening', ...listening })}\n`);
}

/**
 * Calls `shutDown` on SIGTERM and SIGINT, and, with EXIT_WITH_PARENT=1, when standard input closes.
 * A parent that is killed runs no clean-up, but its end of the pipe closes, so no server outlives it.
 */
export function exitWithParent(shutDown: () => Promise<void>): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    shutDown().finally(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (process.env['EXIT_WITH_PARENT'] !== '1') return;
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.resume();
}
