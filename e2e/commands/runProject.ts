import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { ROOT, runCommand, TOOLS } from './tools.ts';

/** Our own options, which Playwright would refuse: each becomes a variable. */
const OUR_OPTIONS: Record<string, string> = {
  '--verbose': 'PERF_VERBOSE',
  '--durations': 'PERF_DURATIONS',
};

// `npm run perf`, `load` and so on: the first argument is a project of playwright.config.ts, and all others go to Playwright.
await runCommand(async ([project, ...options]) => {
  const args = options.filter((option) => OUR_OPTIONS[option] === undefined);
  const variables = options.flatMap((option) => OUR_OPTIONS[option] ?? []);
  const env = { ...process.env, ...Object.fromEntries(variables.map((name) => [name, '1'])) };
  await ensureBrowser();
  const [file, ...first] = TOOLS.playwright;
  const command = [...first, 'test', `--project=${project}`, ...args];
  return (await runChild(file, command, { cwd: ROOT, env })).exitCode;
});
