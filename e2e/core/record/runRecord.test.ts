import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METRICS } from '../../metrics/metrics.ts';
import { latencyP95 } from '../testing/objectives.ts';
import { modelCallOf, noopOf, requestOf, runOf, workloadOf } from '../testing/recordOf.ts';
import { parseRunRecord } from './runRecord.ts';

const textOf = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const parse = (text: string) => parseRunRecord(text, 'measurements.ndjson', METRICS);
const run = runOf([latencyP95]);

test('reads back what was written, requests in the order of sending', () => {
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

test('a request that stands twice counts once', () => {
  assert.equal(parse(textOf(run, requestOf(0), requestOf(1), requestOf(0))).requests.length, 2);
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
    assert.throws(() => parse(textOf(run, line)), { code: 'RECORD_INVALID', message: /line 2 →/ });
  }
});
