import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTOCANNON, readAutocannon } from './autocannon.ts';

/** As autocannon 9.0.0 printed them, but for what is not read: a warm-up, and the run after it. */
const WARM_UP = `{"url":"http://127.0.0.1:45387/","connections":20,"duration":1.02,"errors":0,"timeouts":0,"non2xx":0,"2xx":57,"latency":{"average":11.23,"p50":9,"p75":18,"p90":20,"p97_5":21,"p99":21,"totalCount":57}}`;
const RUN = `{"url":"http://127.0.0.1:45387/","connections":20,"duration":2.01,"errors":0,"timeouts":0,"non2xx":0,"2xx":110,"latency":{"average":7.1,"p50":6,"p75":7,"p90":12,"p97_5":15,"p99":15,"totalCount":110},"warmup":{"2xx":57,"non2xx":0,"errors":0,"latency":{"p50":9,"p99":21}}}`;

test('reads the last of its lines, and no P95, which it does not tell', () => {
  const expected = { requests: 110, quantilesMs: { p50: 6, p95: null, p99: 15 }, dropped: null };
  assert.deepEqual(readAutocannon(`${WARM_UP}\n${RUN}\n`), expected);
  assert.deepEqual(readAutocannon(RUN), expected);
});

test('failed requests and what is no result are errors', () => {
  assert.throws(
    () =>
      readAutocannon(RUN.replace('"non2xx":0', '"non2xx":4').replace('"errors":0', '"errors":1')),
    /5 of 115 requests failed/,
  );
  assert.throws(() => readAutocannon('Usage: autocannon'), /not understood: Usage/);
  assert.throws(() => readAutocannon(''), /not understood/);
});

test('its version', () => {
  assert.equal(AUTOCANNON.versionIn('autocannon v9.0.0\nnode v26.10.0\n'), '9.0.0');
});
