import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autocannon } from './autocannon.ts';
import { k6 } from './k6.ts';
import { describeMissing, parseVersion } from './peers.ts';
import {
  ENDED_CHILDREN,
  OWN,
  parseCpuSeconds,
  readProcessCpuSeconds,
  readReport,
  runProgram,
} from './tool.ts';
import { wrk } from './wrk.ts';

const TIMEOUT_MS = 20_000;
const isDeno = process.versions.deno !== undefined;

function run(script: string, options: { stdin?: string; timeoutMs?: number } = {}) {
  const args = [isDeno ? 'eval' : '-e', script];
  return runProgram(process.execPath, { args, timeoutMs: TIMEOUT_MS, ...options });
}

test('a program reads its input, and its output and CPU time come back', async () => {
  const busy = 'while (process.cpuUsage().user < 150_000);';
  const { stdout, cpuSeconds } = await run(`${busy} process.stdin.pipe(process.stdout);`, {
    stdin: 'input',
  });
  assert.equal(stdout, 'input');
  // A tick of the kernel is 10 ms.
  if (process.platform === 'linux') assert.ok((cpuSeconds ?? 0) > 0.13, `${cpuSeconds}`);
});

test('a program that fails, is missing or does not end is an error that says so', async () => {
  await assert.rejects(
    run('console.error("first"); console.error("no such server"); process.exitCode = 3;'),
    /ended with 3: no such server/,
  );
  const nowhere = runProgram('/nowhere/k6', { args: [], timeoutMs: TIMEOUT_MS });
  await assert.rejects(nowhere, /ENOENT|NotFound/);
  await assert.rejects(
    run('setInterval(() => {}, 1000);', { timeoutMs: 300 }),
    /ended with SIGKILL/,
  );
});

test('CPU times of a process and of its ended children are read whatever the program is called', () => {
  const rest = 'S 1 2 3 0 -1 4194304 900 80 0 0 150 50 1234 566 20 0 11 0 1000 1 2';
  for (const stat of [`77 (node) ${rest}`, `77 (a) b (c) ${rest}`]) {
    assert.equal(parseCpuSeconds(stat, OWN), 2);
    assert.equal(parseCpuSeconds(stat, ENDED_CHILDREN), 18);
  }
  assert.equal(parseCpuSeconds('77 (node) S 1 2', OWN), null);
});

test('the CPU time of a process that does not exist is unknown', () => {
  assert.equal(readProcessCpuSeconds(2 ** 30), null);
});

test('a needed peer that is missing is named with the command that installs it', () => {
  const peers = [{ ...wrk, file: '/usr/bin/wrk', version: '4.1.0' }];
  assert.deepEqual(describeMissing(peers, ['k6', 'wrk']), [
    'not installed: k6 (go install go.k6.io/k6@latest)',
  ]);
});

test('each peer prints its version in its own way', () => {
  assert.equal(parseVersion(k6, 'k6 v1.8.1 (go1.26.8, linux/amd64)\n'), '1.8.1');
  assert.equal(parseVersion(k6, 'something else'), null);
  assert.equal(parseVersion(autocannon, 'autocannon v9.0.0\nnode v26.10.0\n'), '9.0.0');
  const output = 'wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer\nUsage: wrk';
  assert.equal(parseVersion(wrk, output), 'debian/4.1.0-3+b2');
});

/** As k6 1.8.1 printed it, without what is not read of a metric; two metrics also count the warm-up. */
const K6_SUMMARY = {
  http_reqs: { values: { count: 152, rate: 50.53502955161858 } },
  http_req_failed: { values: { rate: 0, passes: 0, fails: 152 } },
  'http_reqs{scenario:measured}': { values: { count: 101, rate: 33.57919726785182 } },
  'http_req_duration{scenario:measured}': {
    values: { 'p(50)': 5.950558, 'p(95)': 6.488232, 'p(99)': 7.41212 },
  },
  'dropped_iterations{scenario:measured}': { values: { count: 3, rate: 0 } },
  'http_req_failed{scenario:measured}': { values: { rate: 0, passes: 0, fails: 101 } },
};

test('of k6, the measured scenario is read, and not the warm-up before it', () => {
  assert.deepEqual(readReport(k6, JSON.stringify(K6_SUMMARY)), {
    requests: 101,
    failed: 0,
    quantilesMs: { http_req_duration: { p50: 5.950558, p95: 6.488232, p99: 7.41212 } },
    dropped: 3,
  });
});

test('of k6, failed requests and another output are errors', () => {
  const failed = {
    ...K6_SUMMARY,
    'http_req_failed{scenario:measured}': { values: { rate: 0.02, passes: 2, fails: 99 } },
  };
  assert.throws(() => readReport(k6, JSON.stringify(failed)), /2 of 101 requests failed/);
  assert.throws(() => readReport(k6, 'time="…" level=error'), /not understood: time=/);
  const { 'http_req_duration{scenario:measured}': _, ...without } = K6_SUMMARY;
  assert.throws(() => readReport(k6, JSON.stringify(without)), /not understood/);
});

/** As autocannon 9.0.0 printed them, without what is not read: a warm-up, and the run after it. */
const AUTOCANNON_WARM_UP = `{"url":"http://127.0.0.1:45387/","connections":20,"duration":1.02,"errors":0,"timeouts":0,"non2xx":0,"2xx":57,"latency":{"average":11.23,"p50":9,"p75":18,"p90":20,"p97_5":21,"p99":21,"totalCount":57}}`;
const AUTOCANNON_RUN = `{"url":"http://127.0.0.1:45387/","connections":20,"duration":2.01,"errors":0,"timeouts":0,"non2xx":0,"2xx":110,"latency":{"average":7.1,"p50":6,"p75":7,"p90":12,"p97_5":15,"p99":15,"totalCount":110},"warmup":{"2xx":57,"non2xx":0,"errors":0,"latency":{"p50":9,"p99":21}}}`;

test('of autocannon, the last line is read, which has no P95', () => {
  const quantilesMs = { '': { p50: 6, p95: null, p99: 15 } };
  const expected = { requests: 110, failed: 0, quantilesMs, dropped: null };
  assert.deepEqual(readReport(autocannon, `${AUTOCANNON_WARM_UP}\n${AUTOCANNON_RUN}\n`), expected);
  assert.deepEqual(readReport(autocannon, AUTOCANNON_RUN), expected);
});

test('of autocannon, failed requests and another output are errors', () => {
  assert.throws(
    () =>
      readReport(
        autocannon,
        AUTOCANNON_RUN.replace('"non2xx":0', '"non2xx":4').replace('"errors":0', '"errors":1'),
      ),
    /5 of 115 requests failed/,
  );
  assert.throws(() => readReport(autocannon, 'Usage: autocannon'), /not understood: Usage/);
  assert.throws(() => readReport(autocannon, ''), /not understood/);
});

/** As wrk 4.1.0 printed it. */
const WRK_OUTPUT = `Running 1s test @ http://127.0.0.1:45387/
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

test('of wrk, requests and quantiles are read in any unit; it has no P95', () => {
  assert.deepEqual(readReport(wrk, WRK_OUTPUT), {
    requests: 895,
    failed: 0,
    quantilesMs: { '': { p50: 0.184, p95: null, p99: 1030 } },
    dropped: null,
  });
});

test('of wrk, failed requests and another output are errors', () => {
  const failed = WRK_OUTPUT.replace(
    'Requests/sec',
    '  Socket errors: connect 0, read 327, write 0, timeout 2\n  Non-2xx or 3xx responses: 328\nRequests/sec',
  );
  assert.throws(() => readReport(wrk, failed), /657 of 1552 requests failed/);
  assert.throws(
    () => readReport(wrk, 'unable to connect to 127.0.0.1:9'),
    /not understood: unable/,
  );
});
