import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRunEnvironment } from './runEnvironment.ts';

const RECORDED = {
  os: 'Linux 6.1.0-13 x64',
  cpu: 'AMD EPYC 7763 64-Core Processor',
  cores: 2,
  memoryBytes: 8_325_054_464,
  runtime: 'node 26.10.0',
  browser: 'chromium 153.0.7812.4',
  loadAverage1m: 0.35,
};

const fingerprint = (change: Partial<Record<keyof typeof RECORDED, unknown>> = {}) =>
  readRunEnvironment({ ...RECORDED, ...change })?.fingerprint;

test('an environment is readable, and holds nothing that differs from run to run', () => {
  const { loadAverage1m: _, memoryBytes: __, ...rest } = RECORDED;
  const expected = { fingerprint: fingerprint(), ...rest, memoryGiB: 8 };
  assert.deepEqual(readRunEnvironment(RECORDED), expected);
  assert.match(String(fingerprint()), /^[0-9a-f]{8}$/);
});

test('an update of kernel, runtime or browser keeps the fingerprint, a new major version does not', () => {
  for (const [same, other] of [
    [{ os: 'Linux 6.8.0-1021-azure x64' }, { os: 'Linux 6.1.0-13 arm64' }],
    [{ runtime: 'node 26.11.2' }, { runtime: 'node 27.0.0' }],
    [{ browser: 'chromium 153.0.9999.1' }, { browser: 'chromium 154.0.7812.4' }],
    [{ memoryBytes: 8_290_000_000 }, { memoryBytes: 16_650_000_000 }],
    [{ cpu: ' AMD EPYC 7763  64-Core Processor' }, { cpu: 'AMD EPYC 9654 96-Core Processor' }],
    [{ loadAverage1m: 3 }, { cores: 4 }],
    [{}, { browser: null }],
  ]) {
    assert.equal(fingerprint(same), fingerprint(), JSON.stringify(same));
    assert.notEqual(fingerprint(other), fingerprint(), JSON.stringify(other));
  }
});

test('an environment that lacks something is unknown', () => {
  assert.equal(readRunEnvironment({}), null);
  assert.equal(readRunEnvironment({ ...RECORDED, cores: 0 }), null);
});
