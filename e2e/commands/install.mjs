import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runChild } from './runChild.mjs';

/**
 * Runs `npm ci` unless node_modules already matches package-lock.json.
 * Throws an Error whose message is meant for the user.
 * @param {string} root folder of package-lock.json
 * @returns {Promise<void>}
 */
export async function installDependencies(root) {
  if (installedMatchesLock(root) && existsSync(pinnedNode(root))) return;
  process.stderr.write(
    'Installing the locked dependencies (npm ci). This takes about a minute, once.\n',
  );
  const exitCode = await runNpmCi(root);
  if (exitCode !== 0) throw installFailure(`npm ci ended with status ${exitCode}`, CHECK_REGISTRY);
  if (!installedMatchesLock(root)) {
    throw installFailure('node_modules still does not match package-lock.json', CHECK_REGISTRY);
  }
  if (!existsSync(pinnedNode(root))) {
    throw installFailure(
      'the pinned Node is not in node_modules, because the install script of the package "node" did not run',
      'run `npm config set ignore-scripts false`, then `npm ci`',
    );
  }
}

const CHECK_REGISTRY = 'check that the package registry can be reached, then run `npm ci`';

/**
 * @param {string} summary
 * @param {string} remedy
 */
function installFailure(summary, remedy) {
  return new Error(`INSTALL_FAILED: ${summary}.\n  remedy   ${remedy}`);
}

/**
 * Does node_modules hold the packages of package-lock.json? Takes about 10 ms for 200 packages.
 * npm writes `node_modules/.package-lock.json` last, so after an interrupted install it is missing or old.
 * A package that was deleted later has no package.json.
 * @param {string} root folder of package-lock.json
 * @returns {boolean}
 */
export function installedMatchesLock(root) {
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (locked === null || installed === null) return false;
  const asLocked = [...installed].every(
    ([path, entry]) =>
      locked.get(path)?.version === entry.version &&
      locked.get(path)?.integrity === entry.integrity &&
      existsSync(join(root, path, 'package.json')),
  );
  // Packages for other platforms are only in the lock file.
  const complete = [...locked].every(
    ([path, entry]) => path === '' || installed.has(path) || entry.optional || entry.devOptional,
  );
  return asLocked && complete;
}

/**
 * Where the npm package `node` puts the Node that package.json pins.
 * @param {string} root folder of package.json
 * @returns {string} absolute path of a file that may not exist
 */
export function pinnedNode(root) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(root, 'node_modules', 'node', 'bin', file);
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} LockEntry
 */

/**
 * @param {string} file
 * @returns {Map<string, LockEntry> | null} null if the file is missing or is not JSON
 */
function readPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages));
  } catch {
    return null;
  }
}

/**
 * The output of npm goes to standard error: standard output belongs to the command.
 * @param {string} root
 * @returns {Promise<number>} exit status
 */
async function runNpmCi(root) {
  // All dependencies are development dependencies: with NODE_ENV=production npm would install none.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npmScript = process.env.npm_execpath;
  const known =
    npmScript !== undefined && basename(npmScript) === 'npm-cli.js' && existsSync(npmScript);
  try {
    const end = await runChild(
      known ? process.execPath : 'npm',
      known ? [npmScript, ...args] : args,
      {
        cwd: root,
        stdio: ['ignore', process.stderr, 'inherit'],
        // On Windows npm is a batch file, which only a shell starts.
        shell: !known && process.platform === 'win32',
      },
    );
    return end.exitCode;
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    const remedy = 'install Node 20 or later together with npm';
    throw installFailure(`npm could not be started (${reason})`, remedy);
  }
}
