import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { readApiProcess } from './apiProcess.ts';
import { TimedClient } from './httpClient.ts';
import { closedPort, fakeServer } from './testing/fakeServer.ts';

const OPEN_METRICS = `# HELP process_resident_memory_bytes Resident memory of the process
# UNIT process_resident_memory_bytes bytes
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 84312064
# TYPE nodejs_heap_size_used_bytes gauge
nodejs_heap_size_used_bytes{service="api"} 2.1e7 1700000000.5
# TYPE nodejs_heap_size_used_bytes_of_others gauge
nodejs_heap_size_used_bytes_of_others 5
nodejs_eventloop_delay_seconds{quantile="0.5"} 0.001
nodejs_eventloop_delay_seconds{quantile="0.99"} 0.012
# TYPE process_cpu_seconds counter
process_cpu_seconds_total 1.5
# EOF
`;

async function readFrom(url: string, timeoutMs = 2000) {
  const client = new TimedClient(url, { connections: 1 });
  try {
    return await readApiProcess(client, '/metrics', timeoutMs);
  } finally {
    await client.close();
  }
}

async function read(listener: RequestListener, timeoutMs?: number) {
  await using server = await fakeServer(listener);
  return await readFrom(server.url, timeoutMs);
}

const answer =
  (text: string, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(text);

test('reads the reported values and null for the others', async () => {
  const reported = {
    cpuSeconds: 1.5,
    residentBytes: 84_312_064,
    heapUsedBytes: 21_000_000,
    eventLoopDelayP99Ms: 12,
  };
  assert.deepEqual(await read(answer(OPEN_METRICS)), { process: reported });
  const resident = 'process_resident_memory_bytes 5\n';
  assert.deepEqual(await read(answer(resident)), {
    process: { cpuSeconds: null, residentBytes: 5, heapUsedBytes: null, eventLoopDelayP99Ms: null },
  });
});

test('asks for OpenMetrics', async () => {
  let accept: string | undefined;
  await read((request, response) => {
    accept = request.headers.accept;
    response.end(OPEN_METRICS);
  });
  assert.match(accept ?? '', /^application\/openmetrics-text/);
});

const UNREADABLE: Record<string, [RequestListener, RegExp]> = {
  'no such path': [answer('no such page', 404), /answered 404/],
  'a forbidden path': [answer(OPEN_METRICS, 401), /answered 401/],
  'a page instead': [answer('<html>process_resident_memory_bytes 5</html>'), /no value/],
  'only other metrics': [answer('http_requests_total 5\n'), /no value/],
  'a broken value': [answer('process_resident_memory_bytes NaN\n'), /no value/],
  'two processes in one answer': [
    answer('process_resident_memory_bytes{pid="1"} 5\nprocess_resident_memory_bytes{pid="2"} 6\n'),
    /no value of one process/,
  ],
  'a connection that breaks': [(request) => request.socket.destroy(), /could not be read: \w+/],
};

for (const [what, [listener, reason]] of Object.entries(UNREADABLE)) {
  test(`${what} gives no process but the reason`, async () => {
    const reading = await read(listener);
    assert.equal(reading.process, null);
    assert.match('reason' in reading ? reading.reason : '', reason);
  });
}

test('an answer that does not end in time and a closed port give no process but the reason', async () => {
  assert.deepEqual(await read((_request, response) => response.write('# '), 100), {
    process: null,
    reason: 'its metrics could not be read: timeout',
  });
  assert.deepEqual(await readFrom(`http://127.0.0.1:${await closedPort()}`), {
    process: null,
    reason: 'its metrics could not be read: ECONNREFUSED',
  });
});
