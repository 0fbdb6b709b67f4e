/** @type {NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const ORPHAN_CHECK_MS = 500;

/**
 * Keeps this process alive through the signals that ask it to stop, and passes them on to a child, which then ends in its own way.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => boolean} to be called when the child has ended: restores the default, and says whether any signal came
 */
export function passSignals(child) {
  let received = false;
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    received = true;
    // A terminal sends Ctrl-C to the whole group; a second one would make Playwright drop its clean-up.
    if (signal !== 'SIGINT' || !hasTerminal()) child.kill(signal);
  };
  for (const signal of PASSED_ON) process.on(signal, passOn);
  // npm sends SIGTERM to the shell between it and us, which dies of it and tells nobody.
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

function hasTerminal() {
  return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}
