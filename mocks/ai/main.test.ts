import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StartError } from '../serverProcess.ts';
import { spawnServer } from '../testing/spawnServer.ts';
import { readCommandLine, USAGE } from './commandLine.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const TOKEN = { AI_MOCK_CONTROL_TOKEN: 'token' };

test('announces itself in one line, serves, and ends when asked to', async (context) => {
  const { announced, ended, terminate } = spawnServer(context, MAIN, ['--latency-ms', '1'], TOKEN);
  const { event, name, url, controlUrl } = await announced;
  assert.deepEqual([event, name], ['listening', 'ai-mock']);
  assert.equal((await fetch(`${url}/api/version`)).status, 200);
  assert.equal((await fetch(`${controlUrl}/status`)).status, 401);
  terminate();
  const { exitCode, stdout, stderr } = await ended;
  assert.equal(exitCode, 0);
  assert.equal(stdout.trim().split('\n').length, 1);
  assert.match(stderr, new RegExp(`OLLAMA_BASE_URL=${url}`));
});

test('ends with its parent, and then prints no words for people', async (context) => {
  const env = { ...TOKEN, EXIT_WITH_PARENT: '1' };
  const { announced, ended, endInput } = spawnServer(context, MAIN, [], env);
  await announced;
  endInput();
  const { exitCode, stderr } = await ended;
  assert.deepEqual([exitCode, stderr], [0, '']);
});

test('without a token there is no control listener', async (context) => {
  const { announced } = spawnServer(context, MAIN, [], { AI_MOCK_CONTROL_TOKEN: '' });
  assert.equal('controlUrl' in (await announced), false);
});

test('says what to do when the port is taken', async (context) => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  context.after(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as net.AddressInfo;
  for (const option of ['--port', '--control-port']) {
    const { ended } = spawnServer(context, MAIN, [option, String(port)], TOKEN);
    const { exitCode, stdout, stderr } = await ended;
    assert.equal(exitCode, 1);
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
    controlName: null,
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
    controlName: null,
    defaults: {
      seed: 7,
      behaviours: [{ latency: { distribution: 'logNormal', medianMs: 350, p95Ms: 500 } }],
    },
  });
});

test('help names every option', () => {
  assert.equal(readCommandLine(['--help'], {}), 'help');
  for (const option of [
    'port',
    'host',
    'latency-ms',
    'latency-median-ms',
    'seed',
    'control-port',
    'control-name',
  ])
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

test('a control listener that other machines reach needs a name and a long token', () => {
  const args = ['--control-name', 'ai-mock.perf'];
  const long = { AI_MOCK_CONTROL_TOKEN: 'x'.repeat(32) };
  const options = readCommandLine(args, long);
  assert.ok(options !== 'help');
  assert.equal(options.controlName, 'ai-mock.perf');
  for (const env of [{}, { AI_MOCK_CONTROL_TOKEN: 'x'.repeat(31) }])
    assert.throws(() => readCommandLine(args, env), {
      code: 'OPTION_INVALID',
      message: /^--control-name: AI_MOCK_CONTROL_TOKEN must hold 32 characters or more/,
    });
  for (const name of ['*', '', 'ai mock', 'http://ai-mock', 'ai-mock:11435', '.perf'])
    assert.throws(() => readCommandLine(['--control-name', name], long), {
      message: /^--control-name: expected a host name/,
    });
});
