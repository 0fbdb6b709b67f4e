/**
 * Calls `shutDown` when the process is asked to end, and, where EXIT_WITH_PARENT=1, when standard input closes.
 * A parent that is killed outright runs no clean-up; its end of the pipe closes all the same, so no server outlives it.
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
