import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

/** A Chromium without a window: the one of PERF_BROWSER, Playwright's own, or the system's. */
export function launchChromium(...args: string[]): Promise<Browser> {
  const { PATH = '', PERF_BROWSER = '' } = process.env;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const executablePath = [PERF_BROWSER, chromium.executablePath(), ...places]
    .filter((path) => path !== '')
    .find((path) => existsSync(path));
  const quiet = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];
  // Chromium refuses its sandbox to root.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({
    args: [...quiet, ...root, ...args],
    ...(executablePath === undefined ? { channel: 'chrome' } : { executablePath }),
  });
}
