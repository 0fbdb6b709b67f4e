import { HarnessError } from '../core/harnessError.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { ROOT, TOOLS } from './tools.ts';

// `npm run perf`, `experience`, `load`, `soak`, `capacity`, `smoke`, `selfcheck`, `costs`: a browser, then that project of playwright.config.ts.
// The first argument is the project's name, all others are Playwright's.
try {
  const [project, ...args] = process.argv.slice(2);
  await ensureBrowser();
  const [file, ...first] = TOOLS.playwright;
  const end = await runChild(file, [...first, 'test', `--project=${project}`, ...args], {
    cwd: ROOT,
  });
  process.exitCode = end.exitCode;
} catch (error) {
  if (!(error instanceof HarnessError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
