/**
 * Tells the parent process, as one JSON line on standard output, that a server accepts connections.
 * Standard output carries nothing else, so that a parent can parse it line by line; words for people go to standard error.
 */
export function announce(listening: { name: string; url: string; controlUrl?: string }): void {
  process.stdout.write(`${JSON.stringify({ event: 'listening', ...listening })}\n`);
}
