import { type Browser, chromium } from '@playwright/test';
import { chromiumArguments, findBrowser } from '../chromium.ts';

/** Launches headless Chromium for a test; `args` come after the arguments of every Chromium of the harness. */
export function launchBrowser(args: string[] = []): Promise<Browser> {
  const found = findBrowser(chromium.executablePath());
  return chromium.launch({
    args: [...chromiumArguments(), ...args],
    ...(found === null ? {} : { executablePath: found.executablePath }),
  });
}
