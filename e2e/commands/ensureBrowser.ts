import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { HarnessError } from '../core/harnessError.ts';
import { quoteForShell } from '../core/quoteForShell.ts';
import { type FoundBrowser, findBrowser } from '../probes/findBrowser.ts';
import { browserInstallation } from './browserInstallation.ts';
import { TOOLS } from './tools.ts';

const OS_RELEASE = '/etc/os-release';

/**
 * Makes sure that there is some browser to measure with; which one is chosen by the configuration of the run.
 * Installs one where that can be done unasked (root on Debian or Ubuntu).
 * Throws a HarnessError NO_BROWSER with the one command to run where it cannot, or where the installation failed.
 */
export async function ensureBrowser(): Promise<void> {
  if ((await lookForBrowser()) !== null) return;
  const installation = browserInstallation({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    osRelease: existsSync(OS_RELEASE) ? readFileSync(OS_RELEASE, 'utf8') : null,
    playwright: TOOLS.playwright,
  });
  if (installation.kind === 'tell') {
    throw new HarnessError({
      code: 'NO_BROWSER',
      summary: 'There is neither a browser of Playwright nor a Chrome or Chromium of the system.',
      remedy: `run \`${installation.command}\`, or name an executable in PERF_BROWSER`,
    });
  }
  process.stderr.write('Installing Chromium. This takes about a minute, once.\n');
  for (const command of installation.commands) run(command);
  if ((await lookForBrowser()) !== null) return;
  throw new HarnessError({
    code: 'NO_BROWSER',
    summary: 'The installation of Chromium ended well, but no browser can be found.',
    remedy: 'name an executable in PERF_BROWSER',
  });
}

async function lookForBrowser(): Promise<FoundBrowser | null> {
  const ofSystem = findBrowser(null);
  if (ofSystem !== null) return ofSystem;
  // Importing Playwright takes some 0.4 s, which a machine with a browser of its own need not wait for.
  const { chromium } = await import('@playwright/test');
  return findBrowser(chromium.executablePath());
}

function run([file, ...args]: [string, ...string[]]): void {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  const said = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n');
  throw new HarnessError({
    code: 'NO_BROWSER',
    summary: `There is no browser, and installing one failed with status ${status}.`,
    found: said,
    remedy: `run \`${[file, ...args].map(quoteForShell).join(' ')}\` and see why it fails, or name an executable in PERF_BROWSER`,
  });
}
