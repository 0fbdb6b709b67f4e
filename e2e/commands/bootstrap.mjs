// Starts the command that `npm run …` names: installs the dependencies if needed, then runs the command on the pinned Node.
// A fresh clone has nothing installed, so this is plain JavaScript with built-ins. It keeps to old syntax, so that an
// old Node prints the error below and not a syntax error.

/** Projects of `playwright.config.ts` that are commands. */
const PROJECTS = 'perf experience load soak capacity smoke selfcheck costs'.split(' ');

/**
 * The script of each other command, and the arguments that come before the caller's.
 * @type {Record<string, string[]>}
 */
const SCRIPTS = {
  budget: ['e2e/commands/printBudget.ts'],
  calibrate: ['e2e/commands/calibrate.ts'],
  'baseline:accept': ['e2e/commands/acceptBaseline.ts'],
  bench: ['e2e/bench/main.ts'],
  compare: ['e2e/compare/main.ts'],
  'load:k6': ['e2e/k6/main.ts'],
  'load:k8s': ['e2e/commands/loadOnKubernetes.ts'],
  test: ['e2e/commands/runTests.ts'],
  'test:all': ['e2e/commands/runTests.ts', '--all'],
  repeat: ['e2e/commands/repeat.ts'],
  history: ['e2e/commands/history.ts'],
  // Without the flag, the garbage of reading millions of requests takes 50 MB more.
  report: ['--max-semi-space-size=8', 'e2e/commands/report.ts'],
  'ai-mock': ['mocks/ai/main.ts'],
  salestalk: ['mocks/salestalk/main.ts'],
};

const OLDEST_NODE = 20;

/**
 * @param {string} name
 * @param {string[]} args
 * @returns {Promise<number>} exit status
 */
async function start(name, args) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    return complain(
      `NODE_TOO_OLD: this is Node ${process.versions.node}, and the harness needs ${OLDEST_NODE} or later to set itself up.\n` +
        '  remedy   install a current Node; the harness then brings the exact one that it runs on',
    );
  }
  const command = PROJECTS.includes(name) ? ['e2e/commands/runProject.ts', name] : SCRIPTS[name];
  if (command === undefined) {
    const known = PROJECTS.concat(Object.keys(SCRIPTS)).join(', ');
    return complain(`COMMAND_UNKNOWN: "${name}" is not a command.\n  expected ${known}`);
  }
  const { dirname } = await import('node:path');
  const { fileURLToPath } = await import('node:url');
  const { installDependencies, pinnedNode } = await import('./install.mjs');
  const { runChild } = await import('./runChild.mjs');
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  try {
    await installDependencies(root);
    const options = { cwd: root };
    return (await runChild(pinnedNode(root), [...command, ...args], options)).exitCode;
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} message */
function complain(message) {
  process.stderr.write(`${message}\n`);
  return 1;
}

start(String(process.argv[2]), process.argv.slice(3)).then((exitCode) => {
  process.exitCode = exitCode;
});
