/** How this machine gets a browser: commands that may be run here and now, or one for the reader to run. */
export type BrowserInstallation =
  | { kind: 'run'; commands: [file: string, ...args: string[]][] }
  | { kind: 'tell'; command: string };

/** What the choice depends on. `osRelease` is the text of /etc/os-release, null where there is none. */
export type InstallationMachine = {
  platform: NodeJS.Platform;
  isRoot: boolean;
  osRelease: string | null;
  /** The program and first arguments that stand for `npx playwright`, without the search that npx makes. */
  playwright: [file: string, ...args: string[]];
};

/**
 * Installs by itself only as root on Debian or Ubuntu, which is to say in a container or on a build machine.
 * Debian has Chromium as a package; Ubuntu's package of that name is an empty one that asks for a snap,
 * so there it is Playwright's own browser with the libraries that it needs.
 */
export function browserInstallation(machine: InstallationMachine): BrowserInstallation {
  const families = machine.platform === 'linux' ? familiesOf(machine.osRelease ?? '') : [];
  const isUbuntu = families.includes('ubuntu');
  const isDebian = families.includes('debian') && !isUbuntu;
  if (!isUbuntu && !isDebian) return { kind: 'tell', command: 'npx playwright install chromium' };
  if (!machine.isRoot) {
    return { kind: 'tell', command: 'npx playwright install --with-deps chromium' };
  }
  if (isUbuntu) {
    return {
      kind: 'run',
      commands: [[...machine.playwright, 'install', '--with-deps', 'chromium']],
    };
  }
  return {
    kind: 'run',
    commands: [
      ['apt-get', 'update', '--quiet=2'],
      ['apt-get', 'install', '--yes', '--quiet=2', 'chromium'],
    ],
  };
}

/** The distribution and those it descends from, from the lines `ID=` and `ID_LIKE=`. Source: os-release(5). */
function familiesOf(osRelease: string): string[] {
  return osRelease
    .split('\n')
    .filter((line) => /^ID(_LIKE)?=/.test(line))
    .flatMap((line) =>
      line
        .replace(/^ID(_LIKE)?=/, '')
        .replaceAll(/["']/g, '')
        .split(' '),
    );
}
