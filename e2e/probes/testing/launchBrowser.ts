import { type Browser, chromium } from '@playwright/test';
import { findBrowser } from '../findBrowser.ts';

/** Chromium's own errands, which would take time and network from what is measured. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * A Chromium without a window for the tests of the probes; it closes when the `await using` ends.
 * `args` are added to those that every test wants, such as `--remote-debugging-port=0`.
 */
export function launchBrowser(args: string[] = []): Promise<Browser> {
  const found = findBrowser(chromium.executablePath());
  // Chromium refuses its sandbox to root, as in most containers.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    args: [...QUIET, ...root, ...args],
    ...(found === null ? {} : { executablePath: found.executablePath }),
  });
}
