import { HarnessError } from '../core/harnessError.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { ROOT, TOOLS } from './tools.ts';

// `npm run perf`, `experience`, `load`, `soak`, `capacity`, `smoke`, `selfcheck`, `costs`: a browser, then that project of playwright.config.ts.
// The first argument names the project. All others go to Playwright, except our own options.
const OUR_OPTIONS: Record<string, string> = {
  '--verbose': 'PERF_VERBOSE',
  '--durations': 'PERF_DURATIONS',
};

try {
  const [project, ...options] = process.argv.slice(2);
  const args = options.filter((option) => !Object.hasOwn(OUR_OPTIONS, option));
  const ours = Object.entries(OUR_OPTIONS).filter(([option]) => options.includes(option));
  const env = { ...process.env, ...Object.fromEntries(ours.map(([, name]) => [name, '1'])) };
  await ensureBrowser();
  const [file, ...first] = TOOLS.playwright;
  const end = await runChild(file, [...first, 'test', `--project=${project}`, ...args], {
    cwd: ROOT,
    env,
  });
  process.exitCode = end.exitCode;
} catch (error) {
  if (!(error instanceof HarnessError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
