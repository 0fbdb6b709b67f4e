import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { passSignals } from './runChild.mjs';

/**
 * Makes node_modules match package-lock.json with `npm ci`, unless it already does.
 * Throws an Error whose message is all that the reader needs.
 * @param {string} root folder of package-lock.json
 * @returns {Promise<void>}
 */
export async function installDependencies(root) {
  if (installedMatchesLock(root) && existsSync(pinnedNode(root))) return;
  const startedAtMs = performance.now();
  process.stderr.write(
    'Installing the locked dependencies (npm ci). This takes about a minute, once.\n',
  );
  const { exitCode, output } = await runNpmCi(root);
  if (exitCode !== 0) throw npmFailure(`npm ci ended with status ${exitCode}.`, output);
  if (!installedMatchesLock(root)) {
    throw npmFailure(
      'npm ci ended well, but node_modules does not match package-lock.json.',
      output,
    );
  }
  if (!existsSync(pinnedNode(root))) {
    throw new Error(
      'INSTALL_FAILED: the pinned Node is not in node_modules, because the install script of the package "node" did not run.\n' +
        '  remedy   run `npm config set ignore-scripts false`, then `npm ci`',
    );
  }
  const durationS = Math.round((performance.now() - startedAtMs) / 1000);
  process.stderr.write(`Installed in ${durationS} s.\n`);
}

/**
 * Whether node_modules holds what package-lock.json asks for. Takes about 10 ms for 200 packages.
 * npm writes `node_modules/.package-lock.json` last, so an interrupted install has none, or an old one.
 * A package that was deleted since then has no package.json.
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
  // Packages of other platforms are in the lock file alone.
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
 * @returns {Map<string, LockEntry> | null} null where the file is missing or no JSON
 */
function readPackages(file) {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages));
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
function runNpmCi(root) {
  // All dependencies are development dependencies: with NODE_ENV=production npm would install none.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npmScript = process.env.npm_execpath;
  const known =
    npmScript !== undefined && basename(npmScript) === 'npm-cli.js' && existsSync(npmScript);
  return new Promise((resolve, reject) => {
    const child = spawn(known ? process.execPath : 'npm', known ? [npmScript, ...args] : args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows npm is a batch file, which only a shell starts.
      shell: !known && process.platform === 'win32',
    });
    const release = passSignals(child);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      release();
      reject(
        new Error(
          `INSTALL_FAILED: npm could not be started (${error.message}).\n  remedy   install Node 20 or later together with npm`,
        ),
      );
    });
    child.on('close', (code) => {
      release();
      resolve({ exitCode: code ?? 1, output });
    });
  });
}

/**
 * @param {string} summary
 * @param {string} output
 */
function npmFailure(summary, output) {
  const said = output
    .split('\n')
    .map((line) => line.replace(/^npm error ?/, '').trimEnd())
    .filter((line) => line !== '' && !/^( +at |A complete log of this run)/.test(line))
    .slice(0, 6)
    .map((line) => `           ${line}`);
  return new Error(
    [
      `INSTALL_FAILED: ${summary}`,
      ...(said.length === 0 ? [] : [`  npm said ${said.join('\n').trimStart()}`]),
      '  remedy   check that the package registry can be reached, then run `npm ci` for the whole message',
    ].join('\n'),
  );
}
