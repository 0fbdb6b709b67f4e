import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWrk, WRK } from './wrk.ts';

/** As wrk 4.1.0 printed it. */
const PRINTED = `Running 1s test @ http://127.0.0.1:45387/
  1 threads and 5 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     5.55ms  400.98us   7.47ms   85.70%
    Req/Sec     0.90k    43.34     0.96k    60.00%
  Latency Distribution
     50%  184.00us
     75%    5.65ms
     90%    5.88ms
     99%    1.03s
  895 requests in 1.00s, 57.69KB read
Requests/sec:    894.34
Transfer/sec:     57.64KB
`;

test('reads requests and quantiles in any unit, and no P95, which it does not tell', () => {
  assert.deepEqual(readWrk(PRINTED), {
    requests: 895,
    quantilesMs: { p50: 0.184, p95: null, p99: 1030 },
    dropped: null,
  });
});

test('failed requests and what is no result are errors', () => {
  const failed = PRINTED.replace(
    'Requests/sec',
    '  Socket errors: connect 0, read 327, write 0, timeout 2\n  Non-2xx or 3xx responses: 328\nRequests/sec',
  );
  assert.throws(() => readWrk(failed), /657 of 1552 requests failed/);
  assert.throws(() => readWrk('unable to connect to 127.0.0.1:9'), /not understood: unable/);
});

test('its version', () => {
  const said = 'wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer\nUsage: wrk';
  assert.equal(WRK.versionIn(said), 'debian/4.1.0-3+b2');
});
