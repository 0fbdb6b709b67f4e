import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { latencyP95 } from '../testing/objectives.ts';
import {
  auditOf,
  iterationOf,
  memoryOf,
  modelCallOf,
  noopOf,
  requestOf,
  runOf,
  startOf,
  visitOf,
  workloadOf,
} from '../testing/recordOf.ts';
import { measurementsOf, parseRunRecord } from './runRecord.ts';

const textOf = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const parse = (text: string) => parseRunRecord(text, 'measurements.ndjson', METRICS);
const run = runOf([latencyP95]);

test('a record is read back as it was written, with requests in the order of sending', () => {
  const record = parse(
    textOf(run, requestOf(2), noopOf(1), requestOf(0), modelCallOf(0), workloadOf()),
  );
  assert.deepEqual(record.run, run);
  assert.deepEqual(record.requests, [requestOf(0), requestOf(2)]);
  assert.deepEqual(
    [record.noops.length, record.modelCalls.length, record.workloads.length, record.harness.length],
    [1, 1, 1, 0],
  );
});

test('a request that is there twice counts once', () => {
  assert.equal(parse(textOf(run, requestOf(0), requestOf(1), requestOf(0))).requests.length, 2);
});

const SAMPLES = [
  iterationOf(0, { checks: { streaming: true } }),
  visitOf(1, { values: { lcpMs: 900 }, checks: { caching: true } }),
  auditOf(2, { values: { scorePoints: 90 } }),
  memoryOf(3, { iterations: 50, values: { usedBytes: 7 } }),
  startOf(4, { values: { latencyMs: 600 } }),
];

test('samples of every kind are read back, in the order of sending', () => {
  const record = parse(textOf(run, ...SAMPLES.toReversed(), requestOf(5)));
  assert.deepEqual(record.samples, SAMPLES);
  assert.deepEqual(
    measurementsOf(record).map(({ index }) => index),
    [0, 1, 2, 3, 4, 5],
  );
});

test('a field or a value of another kind of line is refused', () => {
  const lines = [requestOf(0), ...SAMPLES];
  for (const line of lines) {
    const [other] = lines.filter(({ type }) => type !== line.type);
    for (const foreign of [
      { ...line, lateMsOfAnother: 1 },
      { ...line, values: { ...line.values, [line.type === 'memory' ? 'lcpMs' : 'usedBytes']: 1 } },
      { ...line, type: other?.type },
    ]) {
      assert.throws(() => parse(textOf(run, foreign)), { code: 'RECORD_INVALID' }, line.type);
    }
  }
  for (const line of [auditOf(0), memoryOf(0), startOf(0)])
    assert.throws(() => parse(textOf(run, { ...line, status: null })), /line 2/);
});

test('a record of another version is refused, with the version and what to do', () => {
  for (const [schemaVersion, found] of [
    [1, '1'],
    [undefined, 'nothing'],
  ]) {
    assert.throws(() => parse(textOf({ ...run, schemaVersion }, { type: 'request', via: 'api' })), {
      code: 'RECORD_INVALID',
      message: new RegExp(
        `measurements.ndjson was written by another version[^]*line 1 → schemaVersion[^]*${found}[^]*2[^]*Run the measurement again`,
      ),
    });
  }
});

test('a line cut short is an error that names it', () => {
  const text = textOf(run, requestOf(0), requestOf(1)).slice(0, -20);
  assert.throws(() => parse(text), { code: 'RECORD_INVALID', message: /line 3/ });
});

test('no run, two runs and nothing at all are no record', () => {
  for (const text of ['', textOf(requestOf(0)), textOf(run, run)]) {
    assert.throws(() => parse(text), { code: 'RECORD_INVALID', message: /lines of type "run"/ });
  }
});

test('a negative, missing or foreign value is refused, not read as something else', () => {
  const { latencyMs: _, ...values } = requestOf(0).values;
  for (const line of [
    requestOf(0, { values: { latencyMs: -1 } }),
    { ...requestOf(0), values: { ...values, latencySeconds: 0.35 } },
    { ...requestOf(0), sentAtMs: null },
    { ...requestOf(0), extra: 1 },
  ]) {
    assert.throws(() => parse(textOf(run, line)), {
      code: 'RECORD_INVALID',
      message: /where +line 2\b/,
    });
  }
});
