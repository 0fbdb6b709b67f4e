import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runChild } from './runChild.mjs';

const CWD = fileURLToPath(new URL('.', import.meta.url));

const ON_DENO = 'Deno' in globalThis;

/** Arguments that make Node or Deno run this script. */
function scriptArguments(script: string): string[] {
  return ON_DENO ? ['eval', script] : ['--input-type=module', '-e', script];
}

test("a child's exit status is passed on", async () => {
  const script = scriptArguments("import process from 'node:process'; process.exit(7)");
  assert.deepEqual(await runChild(process.execPath, script, { cwd: CWD }), {
    exitCode: 7,
    interrupted: false,
  });
});

test('a child that a signal killed has the exit status of a shell, and counts as interrupted', async () => {
  const script = scriptArguments(
    "import process from 'node:process'; process.kill(process.pid, 'SIGKILL')",
  );
  assert.deepEqual(await runChild(process.execPath, script, { cwd: CWD }), {
    exitCode: 137,
    interrupted: true,
  });
});

test('a program that cannot be started is a rejection', async () => {
  await assert.rejects(runChild(join(CWD, 'no-such-program'), [], { cwd: CWD }), {
    code: 'ENOENT',
  });
});

const CHILD = `
  import process from 'node:process';
  process.on('SIGTERM', () => { console.log('child ends'); process.exit(5); });
  setInterval(() => {}, 1000);
  console.log('child runs');`;

const PARENT = `
  import process from 'node:process';
  import { runChild } from ${JSON.stringify(new URL('runChild.mjs', import.meta.url).href)};
  const end = await runChild(process.execPath, ${JSON.stringify(scriptArguments(CHILD))}, { cwd: '.' });
  console.log('parent ends', end.interrupted, 'Deno' in globalThis ? '' : end.exitCode);`;

/** The output of a program that gets SIGTERM as soon as it prints something. */
async function printedOnSigterm(file: string, args: string[]): Promise<string[]> {
  const started = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    if (printed === '') started.kill('SIGTERM');
    printed += chunk;
  });
  await once(started.stdout, 'end');
  return printed.trim().split('\n');
}

// Deno reports a child that got a signal as killed by it, whatever its status. The commands run on Node alone.
const END = ['child runs', 'child ends', ON_DENO ? 'parent ends true' : 'parent ends true 5'];

test('a signal to the parent reaches the child, and the parent ends after it', async () => {
  assert.deepEqual(await printedOnSigterm(process.execPath, scriptArguments(PARENT)), END);
});

const skip = process.platform === 'win32';

test('a parent that loses its own parent ends its child', { skip }, async () => {
  // As npm does it: a shell that waits, and that alone gets the signal.
  const shell = ['-c', '"$@"; true', 'sh', process.execPath, ...scriptArguments(PARENT)];
  assert.deepEqual(await printedOnSigterm('sh', shell), END);
});
