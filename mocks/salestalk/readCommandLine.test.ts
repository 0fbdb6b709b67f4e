import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANNED_POLICY, TODAY_POLICY } from './api/ai/attemptRules.ts';
import { readCommandLine } from './readCommandLine.ts';

const policyOf = (...args: string[]) => {
  const commandLine = readCommandLine(args);
  return commandLine.help ? assert.fail() : commandLine.policy;
};

test('without arguments: the planned SalesTalk on any free port, with no defects', () => {
  assert.deepEqual(readCommandLine([]), {
    help: false,
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
  assert.deepEqual(policyOf('--flavour', 'today'), TODAY_POLICY);
  assert.deepEqual(
    policyOf('--ai-timeout-ms', 'off', '--ai-retries', 'off', '--ai-retry-after', 'off'),
    TODAY_POLICY,
  );
  assert.deepEqual(policyOf('--flavour', 'today', '--ai-timeout-ms', '900'), {
    ...TODAY_POLICY,
    attemptTimeoutMs: 900,
  });
  assert.deepEqual(policyOf('--ai-total-ms', '2500'), { ...PLANNED_POLICY, totalMs: 2_500 });
  assert.deepEqual(policyOf('--ai-retries', '3').retries, { attempts: 3, throttledAttempts: 6 });
});

test('--defect may be given several times', () => {
  const args = [
    '--defect',
    'a',
    '--defect',
    'b',
    '--tenants',
    '12',
    '--port',
    '8080',
    '--gc-on-metrics',
    '--demo-sign-in',
  ];
  const { help: _, policy: __, ...read } = readCommandLine(args) as Record<string, unknown>;
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
    [['--tenants', '1.5'], /--tenants: is not a whole number/],
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
