import { parseArgs } from 'node:util';
import { readVariable } from '../core/environmentVariables.ts';
import { ensureBrowser } from './ensureBrowser.ts';
import { runChild } from './runChild.mjs';
import { ROOT, runCommand, TOOLS } from './tools.ts';

/** Our own options, which Playwright would refuse or take for its own: each becomes a variable. */
const COMMON = { verbose: { type: 'boolean' }, durations: { type: 'boolean' } } as const;
const OF_LOADS = {
  ...COMMON,
  shard: { type: 'string' },
  'start-at': { type: 'string' },
  load: { type: 'string' },
} as const;
const LOAD_PROJECTS = ['load', 'soak', 'capacity'];

// `npm run perf`, `load` and so on: the first argument is a project of playwright.config.ts, and all others go to Playwright.
await runCommand(async ([project = '', ...args]) => {
  const options = LOAD_PROJECTS.includes(project) ? OF_LOADS : COMMON;
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true });
  const theirs = new Set(args.keys());
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const token of tokens) {
    if (token.kind !== 'option' || !Object.hasOwn(options, token.name)) continue;
    theirs.delete(token.index);
    if (token.value !== undefined && !token.inlineValue) theirs.delete(token.index + 1);
    env[`PERF_${token.name.replace('-', '_').toUpperCase()}`] = token.value ?? '1';
  }
  const { PERF_SHARD: shard, PERF_LOAD: load } = env;
  // The set-up refuses any other text.
  if (shard !== undefined && /^\d+\/\d+$/.test(shard)) {
    const folder = `perf-report-shard-${shard.replace('/', '-of-')}`;
    env.PERF_REPORT_DIR = readVariable(env, 'PERF_REPORT_DIR') ?? folder;
  }
  // A shard opens no page.
  if (shard === undefined) await ensureBrowser();
  const [file, ...first] = TOOLS.playwright;
  const grep = load === undefined ? [] : ['--grep', `@(${load.replaceAll(',', '|')})\\.`];
  const passed = args.filter((_, at) => theirs.has(at));
  const command = [...first, 'test', `--project=${project}`, ...grep, ...passed];
  return (await runChild(file, command, { cwd: ROOT, env })).exitCode;
});
