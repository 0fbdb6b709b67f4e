import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommandLine, USAGE } from './commandLine.ts';
import { StartError } from './server/listen.ts';

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
    ['--latency-ms 9999999', /^--latency-ms: .*found 9999999/],
    ['--latency-median-ms 300', /given together/],
    ['--latency-median-ms 300 --latency-p95-ms 200', /^--latency-p95-ms: .*found 200/],
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
