import { chromium, type LaunchOptions } from '@playwright/test';
import { HarnessError } from '../core/harnessError.ts';
import { chromiumArguments, type FoundBrowser, findBrowser } from '../probes/chromium.ts';

import { inheritedEnvironment } from '../probes/inheritedEnvironment.ts';

/** For its libraries and fonts, and for a window on the screen. The rest, tokens among it, is none of its business. */
const OF_A_BROWSER = [
  'LD_LIBRARY_PATH',
  'FONTCONFIG_PATH',
  'FONTCONFIG_FILE',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'LOCALAPPDATA',
  'PROGRAMFILES',
];

/**
 * How Chromium is started: Playwright's own where it is installed, else the system's.
 * Without any, Playwright's default stands and the set-up says what is missing or cannot be used: the configuration of Playwright,
 * which asks here too, would print an error as an object.
 */
export function browserLaunch(): LaunchOptions {
  const found = foundBrowser();
  const options = { args: chromiumArguments(), env: inheritedEnvironment(...OF_A_BROWSER) };
  return found === null || found.source === 'playwright'
    ? options
    : { ...options, executablePath: found.executablePath };
}

function foundBrowser(): FoundBrowser | null {
  try {
    return findBrowser(chromium.executablePath());
  } catch (error) {
    if (error instanceof HarnessError) return null;
    throw error;
  }
}

const REMEDY = 'npx playwright install chromium, or name an executable in PERF_BROWSER';

/** Starts the browser once to learn its name and version. @throws HarnessError NO_BROWSER */
export async function nameBrowser(): Promise<string> {
  const found = findBrowser(chromium.executablePath());
  if (found === null) {
    throw new HarnessError({
      code: 'NO_BROWSER',
      summary: 'There is no browser to drive the page with.',
      expected: "Playwright's Chromium, or Chrome or Chromium of the system",
      remedy: REMEDY,
    });
  }
  try {
    const browser = await chromium.launch(browserLaunch());
    const version = browser.version();
    await browser.close();
    return `chromium ${version}`;
  } catch (error) {
    const [said] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new HarnessError({
      code: 'NO_BROWSER',
      summary: 'The browser to drive the page with does not start.',
      file: found.executablePath,
      found: said ?? 'nothing',
      expected: 'a browser that speaks the DevTools protocol, such as Chrome or Chromium',
      remedy: REMEDY,
    });
  }
}
