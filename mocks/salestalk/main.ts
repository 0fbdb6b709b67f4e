import { announce, exitWithParent, StartError } from '../childProcess.ts';
import { readCommandLine, usage } from './readCommandLine.ts';
import { readEnvironment } from './readEnvironment.ts';
import { startSalestalk } from './startSalestalk.ts';

try {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.help) {
    process.stdout.write(usage());
  } else {
    const options = { ...commandLine, ...readEnvironment(process.env, commandLine) };
    const salestalk = await startSalestalk(options);
    exitWithParent(salestalk.close);
    announce({ name: 'salestalk', url: salestalk.url });
    process.stderr.write(`SalesTalk is at ${salestalk.url}; its model: ${options.ai.provider}.\n`);
  }
} catch (failure) {
  if (!(failure instanceof StartError)) throw failure;
  process.stderr.write(`${failure.code}: ${failure.message}\n`);
  process.exit(1);
}
