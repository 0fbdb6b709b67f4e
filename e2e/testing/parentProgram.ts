/** A program for tests to kill. It starts `childProgram.ts`, which writes its process id to the file of the argument, and waits. */
import { startProcess } from '../setup/startProcess.ts';

await startProcess('e2e/testing/childProgram.ts', ['listen', String(process.argv[2])], {});
process.stdout.write('started\n');
setInterval(() => undefined, 1_000);
