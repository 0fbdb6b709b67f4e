import process from 'node:process';
import { runServer } from '../serverProcess.ts';
import { formatUsage, readCommandLine } from './readCommandLine.ts';
import { readEnvironment } from './readEnvironment.ts';
import { startSalestalk } from './startSalestalk.ts';

await runServer(async () => {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine === 'help') return formatUsage();
  const options = { ...commandLine, ...readEnvironment(process.env, commandLine) };
  const { url, close: stop } = await startSalestalk(options);
  const hint = `SalesTalk is at ${url}; its model: ${options.ai.provider}.\n`;
  return { name: 'salestalk', url, hint, stop };
});
