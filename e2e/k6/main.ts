import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../commands/tools.ts';
import { loadBudget } from '../setup/loadBudget.ts';
import { readTargetName } from '../setup/readEnvironment.ts';
import { buildK6Config, writeK6Script } from './config.ts';

const USAGE = `npm run load:k6 -- --load sustained [--out perf-report-k6/load.js] [--run [--instances 2]]
Writes a load of the budget of SALESTALK_TARGET as a script for k6, which is not part of the harness.
  --run          also runs it, if k6 is on the PATH; the embedded SalesTalk is started for it
  --instances N  shares the load out among N processes of k6 (default 1)
  --help         show this
With --run, the exit status is that of k6: 0, or 99 if one of its thresholds was crossed. The verdict is that of
npm run report -- --k6 <folder of results>.
`;

await runCommand(async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      load: { type: 'string' },
      out: { type: 'string', default: path.join('perf-report-k6', 'load.js') },
      run: { type: 'boolean', default: false },
      instances: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  const { load, out: script } = values;
  if (values.help || load === undefined) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 1;
  }
  const instances = Number(values.instances);
  if (!Number.isInteger(instances) || instances < 1)
    throw new RangeError('--instances takes a whole number from 1 on');
  const target = readTargetName(process.env);
  const loaded = loadBudget(target);
  const config = buildK6Config(loaded, target, load);
  const results = path.join(path.dirname(script), 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(script, writeK6Script(config));
  process.stdout.write(`Script: ${script}\n`);
  let exitCode = 0;
  if (values.run) {
    // Loaded here: writing the script needs neither a target nor an HTTP client.
    const { runK6 } = await import('./runK6.ts');
    exitCode = await runK6(config, loaded, { script, results, instances });
  } else {
    const variables = 'SALESTALK_API_URL=<url> SALESTALK_TOKENS=<tenant>=<JWT>,…';
    const command = `k6 run --out json=${path.join(results, '1.json')} ${script}`;
    process.stdout.write(`To run it: ${variables} ${command}\n`);
  }
  process.stdout.write(`Verdict: npm run report -- --k6 ${results}\n`);
  return exitCode;
}, USAGE);
