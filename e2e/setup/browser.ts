import { chromium, type LaunchOptions } from '@playwright/test';
import { HarnessError } from '../core/harnessError.ts';
import { chromiumArguments, findBrowser } from '../probes/chromium.ts';
import { inheritedEnvironment } from '../probes/environment.ts';

/** Variables for libraries, fonts and windows. The browser gets no others, since some hold tokens. */
const BROWSER_VARIABLES = [
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
 * How Chromium is started: Playwright's own if it is installed, else that of the system. It does not throw if there is none, since
 * Playwright would print an error of its configuration as an object; `nameBrowser` reports it instead.
 */
export function browserLaunch(): LaunchOptions {
  const options = { args: chromiumArguments(), env: inheritedEnvironment(...BROWSER_VARIABLES) };
  try {
    const found = findBrowser(chromium.executablePath());
    if (found === null || found.source === 'playwright') return options;
    return { ...options, executablePath: found.executablePath };
  } catch (error) {
    if (error instanceof HarnessError) return options;
    throw error;
  }
}

const REMEDY = 'npx playwright install chromium, or name an executable in PERF_BROWSER';

/** Starts the browser once. @returns its name and version @throws HarnessError NO_BROWSER */
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
