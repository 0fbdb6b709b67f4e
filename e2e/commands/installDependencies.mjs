import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { installedMatchesLock } from './installedMatchesLock.mjs';
import { passSignals } from './passSignals.mjs';
import { pinnedNode } from './pinnedNode.mjs';

/**
 * Makes node_modules what package-lock.json says, by `npm ci`, unless it is so already.
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
  if (exitCode !== 0) throw new Error(failure(`npm ci ended with status ${exitCode}.`, output));
  if (!installedMatchesLock(root)) {
    throw new Error(
      failure('npm ci ended well, but node_modules is not what package-lock.json says.', output),
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
 * @param {string} root
 * @returns {Promise<{ exitCode: number, output: string }>}
 */
function runNpmCi(root) {
  // Everything here is a development dependency: a machine with NODE_ENV=production would install nothing.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npmScript = process.env.npm_execpath;
  const known =
    npmScript !== undefined && basename(npmScript) === 'npm-cli.js' && existsSync(npmScript);
  // On Windows npm is a batch file, which only a shell starts.
  const windows = process.platform === 'win32';
  return new Promise((resolve, reject) => {
    const child = known
      ? spawn(process.execPath, [npmScript, ...args], {
          cwd: root,
          stdio: ['ignore', 'pipe', 'pipe'],
        })
      : spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: windows });
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
function failure(summary, output) {
  const said = output
    .split('\n')
    .map((line) => line.replace(/^npm error ?/, '').trimEnd())
    .filter((line) => line !== '' && !/^( +at |A complete log of this run)/.test(line))
    .slice(0, 6)
    .map((line) => `           ${line}`);
  return [
    `INSTALL_FAILED: ${summary}`,
    ...(said.length === 0 ? [] : [`  npm said ${said.join('\n').trimStart()}`]),
    '  remedy   check that the package registry can be reached, then run `npm ci` for the whole message',
  ].join('\n');
}
