/** A program for tests to kill: it starts `childProgram.ts`, which writes its process id to the file named, and waits. */
import { startProcess } from '../setup/startProcess.ts';

await startProcess('e2e/testing/childProgram.ts', ['listen', String(process.argv[2])], {});
process.stdout.write('started\n');
setInterval(() => undefined, 1_000);
