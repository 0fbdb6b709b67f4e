import { type Browser, chromium } from '@playwright/test';
import { chromiumArguments, findBrowser } from '../chromium.ts';

/**
 * A Chromium without a window for the tests of the probes; it closes when the `await using` ends.
 * `args` are added to those that every test wants, such as `--remote-debugging-port=0`.
 */
export function launchBrowser(args: string[] = []): Promise<Browser> {
  const found = findBrowser(chromium.executablePath());
  return chromium.launch({
    args: [...chromiumArguments(), ...args],
    ...(found === null ? {} : { executablePath: found.executablePath }),
  });
}
