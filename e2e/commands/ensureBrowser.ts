import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { HarnessError } from '../core/harnessError.ts';
import { quoteForShell } from '../core/terminalText.ts';
import { type FoundBrowser, findBrowser } from '../probes/chromium.ts';
import { TOOLS, type Tool } from './tools.ts';

const OS_RELEASE = '/etc/os-release';

/** @throws HarnessError NO_BROWSER with the command to run, if none may be installed or the installation failed */
export async function ensureBrowser(): Promise<void> {
  if ((await findAnyBrowser()) !== null) return;
  const installation = browserInstallation({
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    osRelease: existsSync(OS_RELEASE) ? readFileSync(OS_RELEASE, 'utf8') : null,
  });
  if (installation.kind === 'tell') {
    const summary =
      'There is neither a browser of Playwright nor a Chrome or Chromium of the system.';
    throw noBrowser(summary, `run \`${installation.command}\`, or `);
  }
  process.stderr.write('Installing Chromium. This takes about a minute, once.\n');
  for (const command of installation.commands) runInstallation(command);
  if ((await findAnyBrowser()) !== null) return;
  throw noBrowser('The installation of Chromium ended well, but no browser can be found.');
}

function noBrowser(summary: string, remedy = '', found?: string): HarnessError {
  return new HarnessError({
    code: 'NO_BROWSER',
    summary,
    ...(found === undefined ? {} : { found }),
    remedy: `${remedy}name an executable in PERF_BROWSER`,
  });
}

/** How this machine gets a browser: commands to run now, or one for the reader to run. */
type BrowserInstallation = { kind: 'run'; commands: Tool[] } | { kind: 'tell'; command: string };

/** `osRelease` is the text of /etc/os-release; null if the file is missing. */
export type InstallationMachine = {
  platform: NodeJS.Platform;
  isRoot: boolean;
  osRelease: string | null;
};

/** Only root on Debian or Ubuntu gets a browser without asking. Ubuntu's package is only a snap, so Ubuntu gets Playwright's browser. */
export function browserInstallation(machine: InstallationMachine): BrowserInstallation {
  const families = machine.platform === 'linux' ? distributions(machine.osRelease ?? '') : [];
  const isUbuntu = families.includes('ubuntu');
  const isDebian = families.includes('debian') && !isUbuntu;
  if (!isUbuntu && !isDebian) return { kind: 'tell', command: 'npx playwright install chromium' };
  if (!machine.isRoot) {
    return { kind: 'tell', command: 'npx playwright install --with-deps chromium' };
  }
  const commands: Tool[] = isUbuntu
    ? [[...TOOLS.playwright, 'install', '--with-deps', 'chromium']]
    : [
        ['apt-get', 'update', '--quiet=2'],
        ['apt-get', 'install', '--yes', '--quiet=2', 'chromium'],
      ];
  return { kind: 'run', commands };
}

/** The distribution and those that it is derived from: `ID=` and `ID_LIKE=` of os-release(5). */
function distributions(osRelease: string): string[] {
  return [...osRelease.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap(([, names = '']) =>
    names.replaceAll(/["']/g, '').split(' '),
  );
}

async function findAnyBrowser(): Promise<FoundBrowser | null> {
  const systemBrowser = findBrowser(null);
  if (systemBrowser !== null) return systemBrowser;
  // Importing Playwright takes 0.4 s, so it comes last.
  const { chromium } = await import('@playwright/test');
  return findBrowser(chromium.executablePath());
}

function runInstallation([file, ...args]: Tool): void {
  const { status, error, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status === 0) return;
  const command = [file, ...args].map(quoteForShell).join(' ');
  throw noBrowser(
    `There is no browser, and installing one failed with status ${status}.`,
    `run \`${command}\` and see why it fails, or `,
    error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-8).join('\n'),
  );
}
