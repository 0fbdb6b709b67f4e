import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { readVariable } from '../core/environmentVariables.ts';
import { HarnessError } from '../core/harnessError.ts';

/** Stops Chromium's background work, which would take time and network from the measured page. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Hashes of trusted public keys, comma-separated, that the set-up gives to workers and Lighthouse's process. */
export const TRUSTED_KEYS_VARIABLE = 'PERF_TRUSTED_KEYS';

/** Hosts that a page may load from, comma-separated, that the set-up gives to workers and Lighthouse's process. */
export const PAGE_HOSTS_VARIABLE = 'PERF_PAGE_HOSTS';

export function chromiumArguments(): string[] {
  return [
    ...QUIET,
    // Chromium refuses its sandbox to root, as in most containers.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...trustedKeyArguments(),
    ...hostArguments(),
  ];
}

/**
 * Chromium does not resolve the names of other hosts, for any kind of request. It checks this once a connection, so it costs the
 * measured page nothing.
 */
function hostArguments(): string[] {
  const hosts = pageHosts();
  if (hosts === null) return [];
  const rules = ['MAP * ~NOTFOUND', ...hosts.map((host) => `EXCLUDE ${host}`)];
  return [`--host-resolver-rules=${rules.join(', ')}`];
}

/** Whether a page may load this URL. */
export function isListed(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return !/^(https?|wss?):$/.test(protocol) || (pageHosts()?.includes(hostname) ?? true);
}

/** Without ports: the set-up's rules for ports apply to the harness's own requests. Null before the set-up. */
function pageHosts(): string[] | null {
  const hosts = process.env[PAGE_HOSTS_VARIABLE] ?? '';
  return hosts === '' ? null : hosts.split(',').map((host) => host.replace(/:\d+$/, ''));
}

/**
 * Chromium does not read NODE_EXTRA_CA_CERTS. It accepts certificates with these keys, which the set-up has verified against that
 * file for the target's hosts; it checks all others as usual.
 */
function trustedKeyArguments(): string[] {
  const hashes = process.env[TRUSTED_KEYS_VARIABLE] ?? '';
  return hashes === '' ? [] : [`--ignore-certificate-errors-spki-list=${hashes}`];
}

export type FoundBrowser = {
  executablePath: string;
  source: 'PERF_BROWSER' | 'playwright' | 'system';
};

/** What the search depends on; a test passes its own. */
export type BrowserMachine = {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  isExecutable: (path: string) => boolean;
};

/**
 * Finds the Chromium to measure with: PERF_BROWSER, else Playwright's own, else Chrome or Chromium of the system; null if there is none.
 * @param playwrightPath `chromium.executablePath()`, which may not exist; null leaves Playwright's own out
 * @throws HarnessError NO_BROWSER if PERF_BROWSER names no executable file: another browser would be another measurement
 */
export function findBrowser(
  playwrightPath: string | null,
  machine: BrowserMachine = { platform: process.platform, env: process.env, isExecutable },
): FoundBrowser | null {
  const named = readVariable(machine.env, 'PERF_BROWSER');
  if (named !== undefined) return requireBrowser(named, machine);
  if (playwrightPath !== null && machine.isExecutable(playwrightPath)) {
    return { executablePath: playwrightPath, source: 'playwright' };
  }
  const executablePath = listBrowserPaths(machine).find(machine.isExecutable);
  return executablePath === undefined ? null : { executablePath, source: 'system' };
}

function requireBrowser(executablePath: string, machine: BrowserMachine): FoundBrowser {
  if (machine.isExecutable(executablePath)) return { executablePath, source: 'PERF_BROWSER' };
  throw new HarnessError({
    code: 'NO_BROWSER',
    summary: 'The browser that PERF_BROWSER names cannot be used.',
    file: 'PERF_BROWSER',
    found: executablePath,
    expected: 'the path of an executable file',
    remedy: 'correct PERF_BROWSER, or unset it to have a browser looked for',
  });
}

function listBrowserPaths({ platform, env }: BrowserMachine): string[] {
  switch (platform) {
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
        .map((name) => readVariable(env, name))
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          win32.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
          win32.join(folder, 'Chromium', 'Application', 'chrome.exe'),
        ]);
    case 'darwin':
      return ['/', readVariable(env, 'HOME') ?? '/'].flatMap((folder) => [
        posix.join(folder, 'Applications/Google Chrome.app/Contents/MacOS/Google Chrome'),
        posix.join(folder, 'Applications/Chromium.app/Contents/MacOS/Chromium'),
      ]);
    default: {
      const folders = (env.PATH ?? '').split(':').filter((folder) => folder !== '');
      return ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'].flatMap(
        (name) => [...folders, '/usr/bin', '/snap/bin'].map((folder) => posix.join(folder, name)),
      );
    }
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
