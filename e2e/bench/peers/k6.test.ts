import assert from 'node:assert/strict';
import { test } from 'node:test';
import { K6, readK6 } from './k6.ts';

/** As k6 1.8.1 printed it, but for metrics that are not read. */
const PRINTED = {
  http_req_failed: {
    type: 'rate',
    contains: 'default',
    values: { rate: 0, passes: 0, fails: 152 },
  },
  'http_reqs{scenario:measured}': {
    contains: 'default',
    values: { count: 101, rate: 33.57919726785182 },
    thresholds: { 'count>=0': { ok: true } },
    type: 'counter',
  },
  http_reqs: {
    type: 'counter',
    contains: 'default',
    values: { count: 152, rate: 50.53502955161858 },
  },
  'http_req_duration{scenario:measured}': {
    type: 'trend',
    contains: 'time',
    values: { 'p(50)': 5.950558, 'p(95)': 6.488232, 'p(99)': 7.41212 },
    thresholds: { 'max>=0': { ok: true } },
  },
  'dropped_iterations{scenario:measured}': {
    type: 'counter',
    contains: 'default',
    values: { count: 3, rate: 0 },
    thresholds: { 'count>=0': { ok: true } },
  },
  'http_req_failed{scenario:measured}': {
    type: 'rate',
    contains: 'default',
    values: { rate: 0, passes: 0, fails: 101 },
    thresholds: { 'rate>=0': { ok: true } },
  },
};

test('reads what was measured, and not the warm-up before it', () => {
  assert.deepEqual(readK6(JSON.stringify(PRINTED)), {
    requests: 101,
    quantilesMs: { p50: 5.950558, p95: 6.488232, p99: 7.41212 },
    dropped: 3,
  });
});

test('failed requests and what is no summary are errors', () => {
  const failed = {
    ...PRINTED,
    'http_req_failed{scenario:measured}': { values: { rate: 0.02, passes: 2, fails: 99 } },
  };
  assert.throws(() => readK6(JSON.stringify(failed)), /2 of 101 requests failed/);
  assert.throws(() => readK6('time="…" level=error'), /not understood: time=/);
  const { 'http_req_duration{scenario:measured}': _, ...without } = PRINTED;
  assert.throws(() => readK6(JSON.stringify(without)), /not understood/);
});

test('its version', () => {
  assert.equal(K6.versionIn('k6 v1.8.1 (go1.26.8, linux/amd64)\n'), '1.8.1');
  assert.equal(K6.versionIn('something else'), null);
});
