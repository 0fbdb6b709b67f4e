import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { passSignals } from './passSignals.mjs';

/**
 * How a child ended. `interrupted` holds when this process or the child was told to stop, so that nothing further should be started.
 * @typedef {{ exitCode: number, interrupted: boolean }} ChildEnd
 */

/**
 * Runs a program on this process's own terminal until it ends, and passes signals on to it.
 * Rejects with the system's error where the program cannot be started.
 * Plain JavaScript, since `bootstrap.mjs` needs it before anything is installed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<ChildEnd>}
 */
export function runChild(file, args, { cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
    const release = passSignals(child);
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      const received = release();
      resolve({ exitCode: exitCodeOf(code, signal), interrupted: received || signal !== null });
    });
  });
}

/**
 * As a shell reports it: 128 and the signal's number.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCodeOf(code, signal) {
  return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
}
