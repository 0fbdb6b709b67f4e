import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { apiMemory } from './apiProcess.ts';
import { closedPort, fakeServer } from './testing/fakeServer.ts';

const OPEN_METRICS = `# HELP process_resident_memory_bytes Resident memory of the process
# UNIT process_resident_memory_bytes bytes
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 84312064
# TYPE nodejs_heap_size_used_bytes gauge
nodejs_heap_size_used_bytes{service="api"} 2.1e7 1700000000.5
# TYPE nodejs_heap_size_used_bytes_of_others gauge
nodejs_heap_size_used_bytes_of_others 5
nodejs_heap_size_total_bytes 30000000
# TYPE process_cpu_seconds counter
process_cpu_seconds_total 1.5
# EOF
`;

async function read(listener: RequestListener, timeoutMs = 2000) {
  await using server = await fakeServer(listener);
  return await apiMemory(`${server.url}/metrics`, { fetch, timeoutMs });
}

const answer =
  (text: string, status = 200): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(text);

test('reads what is told and leaves open what is not', async () => {
  assert.deepEqual(await read(answer(OPEN_METRICS)), {
    memory: {
      residentBytes: 84_312_064,
      heapUsedBytes: 21_000_000,
      heapTotalBytes: 30_000_000,
      externalBytes: null,
    },
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

const NOTHING: Record<string, [RequestListener, RegExp]> = {
  'no such path': [answer('no such page', 404), /answered 404/],
  'a path that is closed to us': [answer(OPEN_METRICS, 401), /answered 401/],
  'a page instead': [answer('<html>process_resident_memory_bytes 5</html>'), /nothing/],
  'other metrics alone': [answer('http_requests_total 5\n'), /nothing/],
  'a broken value': [answer('process_resident_memory_bytes NaN\n'), /nothing/],
  'two processes in one answer': [
    answer('process_resident_memory_bytes{pid="1"} 5\nprocess_resident_memory_bytes{pid="2"} 6\n'),
    /one process/,
  ],
  'a connection that breaks': [(request) => request.socket.destroy(), /could not be read: \w+/],
};

for (const [what, [listener, reason]] of Object.entries(NOTHING)) {
  test(`${what} is no memory, with its reason`, async () => {
    const reading = await read(listener);
    assert.equal(reading.memory, null);
    assert.match('reason' in reading ? reading.reason : '', reason);
  });
}

test('an answer that does not come ends in time', async () => {
  const reading = await read((_request, response) => response.write('# '), 100);
  assert.deepEqual(reading, {
    memory: null,
    reason: 'its metrics could not be read: TimeoutError',
  });
});

test('nobody there is no memory', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/metrics`;
  const reading = await apiMemory(url, { fetch, timeoutMs: 2000 });
  assert.match('reason' in reading ? reading.reason : '', /could not be read: \w+/);
});
