/** Chromium's own errands, which would take time and network from what is measured. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** What each Chromium of ours is started with. */
export function chromiumArguments(): string[] {
  // Chromium refuses its sandbox to root, as in most containers.
  return process.getuid?.() === 0 ? [...QUIET, '--no-sandbox'] : [...QUIET];
}
