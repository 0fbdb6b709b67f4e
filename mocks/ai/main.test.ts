import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StartError } from '../serverProcess.ts';
import { readCommandLine, USAGE } from './commandLine.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const runtimeArgs = process.versions.deno === undefined ? [] : ['run', '-A'];

/** Starts the mock as the harness and people do: a process of this runtime. */
function start(context: TestContext, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [...runtimeArgs, main, ...args], {
    env: { ...process.env, AI_MOCK_CONTROL_TOKEN: 'token', ...env },
    stdio: 'pipe',
  });
  context.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const exited = once(child, 'close').then(([code]) => ({ code, ...output }));
  const announced = async () => {
    while (!output.stdout.includes('\n')) {
      assert.equal(child.exitCode, null, output.stderr);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return JSON.parse(output.stdout);
  };
  return { child, output, exited, announced };
}

test('announces itself in one line, serves, and ends when asked to', async (context) => {
  const { child, exited, announced } = start(context, ['--latency-ms', '1']);
  const { event, name, url, controlUrl } = await announced();
  assert.deepEqual([event, name], ['listening', 'ai-mock']);
  assert.equal((await fetch(`${url}/api/version`)).status, 200);
  assert.equal((await fetch(`${controlUrl}/status`)).status, 401);
  // Not child.kill: Deno then reports the signal sent, not the exit code of the child that handled it.
  process.kill(child.pid ?? assert.fail('no process'), 'SIGTERM');
  const { code, stdout, stderr } = await exited;
  assert.equal(code, 0);
  assert.equal(stdout.trim().split('\n').length, 1);
  assert.match(stderr, new RegExp(`OLLAMA_BASE_URL=${url}`));
});

test('ends with its parent, and then prints no words for people', async (context) => {
  const { child, exited, announced } = start(context, [], { EXIT_WITH_PARENT: '1' });
  await announced();
  child.stdin.end();
  assert.deepEqual(await exited.then(({ code, stderr }) => [code, stderr]), [0, '']);
});

test('without a token there is no control listener', async (context) => {
  const { announced } = start(context, [], { AI_MOCK_CONTROL_TOKEN: undefined as never });
  assert.equal('controlUrl' in (await announced()), false);
});

test('says what to do when the port is taken', async (context) => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  context.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as net.AddressInfo;
  for (const option of ['--port', '--control-port']) {
    const { code, stdout, stderr } = await start(context, [option, String(port)]).exited;
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      `PORT_IN_USE: port ${port} on 127.0.0.1 is taken. Stop the program that listens there, or choose another with ${option}.\n`,
    );
  }
});

test('without options: any free port of this machine alone, no latency, no control', () => {
  assert.deepEqual(readCommandLine([], {}), {
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    controlToken: null,
    defaults: { seed: 1, behaviours: [{ latency: { distribution: 'constant', ms: 0 } }] },
  });
});

test('reads ports, host, token, seed and latency', () => {
  const args =
    '--port 11434 --control-port 11435 --host 0.0.0.0 --seed 7 --latency-median-ms 350 --latency-p95-ms 500';
  assert.deepEqual(readCommandLine(args.split(' '), { AI_MOCK_CONTROL_TOKEN: 'token' }), {
    host: '0.0.0.0',
    port: 11434,
    controlPort: 11435,
    controlToken: 'token',
    defaults: {
      seed: 7,
      behaviours: [{ latency: { distribution: 'logNormal', medianMs: 350, p95Ms: 500 } }],
    },
  });
});

test('help names every option', () => {
  assert.equal(readCommandLine(['--help'], {}), 'help');
  for (const option of ['port', 'host', 'latency-ms', 'latency-median-ms', 'seed', 'control-port'])
    assert.match(USAGE, new RegExp(`--${option}\\b`));
});

test('wrong options are refused by name, with what was found', () => {
  for (const [args, message] of [
    ['--prot 1', /--prot/],
    ['--port abc', /^--port: expected a whole number; found "abc"/],
    ['--port 70000', /^--port: expected 0 to 65535; found "70000"/],
    ['--latency-ms -5', /--latency-ms/],
    ['--latency-ms=-5', /^--latency-ms: expected a number of milliseconds; found "-5"/],
    ['--latency-ms 9999999', /^--latency-ms: .*found "9999999"/],
    ['--latency-median-ms 300', /given together/],
    ['--latency-median-ms 300 --latency-p95-ms 200', /^--latency-p95-ms: .*found 300 and 200/],
    ['--latency-ms 5 --latency-median-ms 3 --latency-p95-ms 4', /without --latency-ms/],
    ['stray', /stray/],
  ] as const)
    assert.throws(
      () => readCommandLine(args.split(' '), {}),
      (error) => {
        assert.ok(error instanceof StartError);
        assert.equal(error.code, 'OPTION_INVALID');
        assert.match(error.message, message);
        return true;
      },
    );
});

test('a token that is set to nothing is not set: there is no control listener', () => {
  for (const token of ['', ' ']) {
    const options = readCommandLine([], { AI_MOCK_CONTROL_TOKEN: token });
    assert.ok(options !== 'help');
    assert.equal(options.controlToken, null);
  }
});
