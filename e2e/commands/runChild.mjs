import { spawn } from 'node:child_process';
import { constants } from 'node:os';

// Plain JavaScript: `bootstrap.mjs` needs it before anything is installed.

/** @type {NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const ORPHAN_CHECK_MS = 500;

/**
 * How a child ended. `interrupted`: a signal ended the child or asked this process to stop, so nothing else should start.
 * @typedef {{ exitCode: number, interrupted: boolean }} ChildEnd
 */

/**
 * Runs a program until it ends, on this process's own terminal by default, and passes signals on to it.
 * Rejects with the system's error if the program cannot be started.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<ChildEnd>}
 */
export function runChild(file, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit', ...options });
    const release = passSignals(child);
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      const interrupted = release() || signal !== null;
      // As a shell reports it: 128 plus the number of the signal.
      const exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
      resolve({ exitCode, interrupted });
    });
  });
}

/**
 * Keeps this process alive when a signal asks it to stop, and passes the signal on to a child, which then ends in its own way.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => boolean} call it when the child has ended: restores the default, and says whether a signal came
 */
function passSignals(child) {
  let received = false;
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    received = true;
    // A terminal sends Ctrl-C to the child too; a second one would make Playwright skip its clean-up.
    const hasTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  // npm sends SIGTERM only to the shell between it and this process, which dies without passing it on.
  const parent = process.ppid;
  const orphanCheck = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(orphanCheck);
    passOn('SIGTERM');
  }, ORPHAN_CHECK_MS);
  return () => {
    clearInterval(orphanCheck);
    for (const signal of PASSED_ON) process.off(signal, passOn);
    return received;
  };
}
