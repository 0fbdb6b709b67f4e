import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { spawnServer } from '../testing/spawnServer.ts';
import { PLANNED_POLICY, TODAY_POLICY } from './api/ai/attemptRules.ts';
import { readCommandLine } from './readCommandLine.ts';
import { readEnvironment } from './readEnvironment.ts';
import { testSalestalk } from './testing/testSalestalk.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const secret = { SALESTALK_JWT_SECRET: 'a secret' };

test('the process announces itself on standard output, serves, and ends on SIGTERM', async (context) => {
  const { announced, ended, terminate } = spawnServer(context, MAIN, [], secret);
  const { url, ...said } = await announced;
  assert.deepEqual(said, { event: 'listening', name: 'salestalk' });
  assert.equal((await fetch(`${url}/health`)).status, 200);
  terminate();
  const { exitCode, stderr } = await ended;
  assert.equal(exitCode, 0);
  assert.match(stderr, /SalesTalk is at http/);
});

test('a defect that does not exist is one clear message', async (context) => {
  const { exitCode, stderr } = await spawnServer(context, MAIN, ['--defect', 'x'], secret).ended;
  assert.equal(exitCode, 1);
  assert.match(stderr, /^DEFECT_UNKNOWN: there is no defect "x"\. Known ones: slow-median,/m);
  assert.ok(!/\n\s+at /.test(stderr), 'no stack');
});

/** Whether an unreachable object survives a reading of the metrics. */
async function survivesReading(gcOnMetrics: boolean): Promise<boolean> {
  await using salestalk = await testSalestalk({ gcOnMetrics });
  const dropped = new WeakRef({});
  assert.equal((await fetch(`${salestalk.url}/metrics`)).status, 200);
  return dropped.deref() !== undefined;
}

test('with gcOnMetrics garbage is collected before the metrics are read', async () => {
  assert.equal(await survivesReading(true), false);
  assert.equal(await survivesReading(false), true);
});

const readPolicy = (...args: string[]) => {
  const commandLine = readCommandLine(args);
  return commandLine === 'help' ? assert.fail() : commandLine.policy;
};

test('without arguments, the planned SalesTalk without defects listens on any free port', () => {
  assert.deepEqual(readCommandLine([]), {
    host: '127.0.0.1',
    port: 0,
    extraTenantCount: 0,
    defects: [],
    seed: 1,
    gcOnMetrics: false,
    demoSignIn: false,
    policy: PLANNED_POLICY,
  });
});

test('--flavour sets the policy, and each part of it has its own option', () => {
  assert.deepEqual(readPolicy('--flavour', 'today'), TODAY_POLICY);
  assert.deepEqual(
    readPolicy('--ai-timeout-ms', 'off', '--ai-retries', 'off', '--ai-retry-after', 'off'),
    TODAY_POLICY,
  );
  assert.deepEqual(readPolicy('--flavour', 'today', '--ai-timeout-ms', '900'), {
    ...TODAY_POLICY,
    attemptTimeoutMs: 900,
  });
  assert.deepEqual(readPolicy('--ai-total-ms', '2500'), { ...PLANNED_POLICY, totalMs: 2_500 });
  assert.deepEqual(readPolicy('--ai-retries', '3').retries, { attempts: 3, throttledAttempts: 6 });
});

test('all other options are read, and --defect may be given several times', () => {
  const args =
    '--defect a --defect b --tenants 12 --port 8080 --gc-on-metrics --demo-sign-in'.split(' ');
  const { policy: _, ...read } = readCommandLine(args) as Record<string, unknown>;
  assert.deepEqual(read, {
    host: '127.0.0.1',
    port: 8080,
    extraTenantCount: 12,
    defects: ['a', 'b'],
    seed: 1,
    gcOnMetrics: true,
    demoSignIn: true,
  });
});

test('an invalid argument is an error that names the option', () => {
  for (const [args, words] of [
    [['--bogus'], /--bogus/],
    [['stray'], /stray/],
    [['--port', '70000'], /--port/],
    [['--port', '-1'], /--port/],
    [['--tenants', '1.5'], /--tenants: expected a whole number/],
    [['--tenants', '10000'], /--tenants/],
    [['--flavour', 'tomorrow'], /--flavour/],
    [['--ai-timeout-ms', '0'], /--ai-timeout-ms/],
    [['--ai-total-ms', 'off'], /--ai-total-ms/],
    [['--ai-retries', 'many'], /--ai-retries/],
    [['--ai-retry-after', 'perhaps'], /--ai-retry-after/],
    [['--seed', 'x'], /--seed/],
  ] as const) {
    assert.throws(
      () => readCommandLine(args),
      { code: 'ARGUMENT_INVALID', message: words },
      args.join(' '),
    );
  }
});

const readAi = (variables: Record<string, string>) =>
  readEnvironment({ ...secret, ...variables }, { demoSignIn: false }).ai;

test('the default is Ollama on its usual port, and an empty variable counts as not set', () => {
  const usual = { provider: 'ollama', baseUrl: 'http://localhost:11434', model: 'llama3.1' };
  assert.deepEqual(readAi({}), usual);
  assert.deepEqual(readAi({ AI_PROVIDER: '', OLLAMA_BASE_URL: '' }), usual);
  assert.deepEqual(readAi({ OLLAMA_BASE_URL: 'http://127.0.0.1:1/x', OLLAMA_MODEL: 'm' }), {
    provider: 'ollama',
    baseUrl: 'http://127.0.0.1:1/x',
    model: 'm',
  });
});

test("Bedrock is at the URL of the SDK's variable", () => {
  const endpoint = 'http://127.0.0.1:4566';
  const bedrock = { AI_PROVIDER: 'bedrock', AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint };
  assert.deepEqual(readAi(bedrock), {
    provider: 'bedrock',
    endpoint,
    region: 'us-east-1',
    modelId: 'anthropic.claude-3-5-haiku-20241022-v1:0',
  });
  const own = readAi({ ...bedrock, AWS_REGION: 'eu-central-1' });
  assert.ok(own.provider === 'bedrock');
  assert.equal(own.region, 'eu-central-1');
});

test('an invalid variable is an error that names it', () => {
  for (const [variables, words] of [
    [{ AI_PROVIDER: 'openai' }, /AI_PROVIDER/],
    [{ OLLAMA_BASE_URL: 'localhost' }, /OLLAMA_BASE_URL: is not an http\(s\) URL/],
    [{ OLLAMA_BASE_URL: 'ftp://x' }, /OLLAMA_BASE_URL/],
    [{ AI_PROVIDER: 'bedrock' }, /needs AWS_ENDPOINT_URL_BEDROCK_RUNTIME/],
    [{ SALESTALK_JWT_SECRET: '' }, /SALESTALK_JWT_SECRET is not set/],
  ] as const) {
    assert.throws(() => readAi(variables), { code: 'ENVIRONMENT_INVALID', message: words });
  }
});

test('demo sign-in makes a new secret each time', () => {
  const readSecret = () => readEnvironment({}, { demoSignIn: true }).jwtSecret;
  assert.ok(readSecret().length >= 32);
  assert.notEqual(readSecret(), readSecret());
  assert.equal(readEnvironment(secret, { demoSignIn: true }).jwtSecret, 'a secret');
});
