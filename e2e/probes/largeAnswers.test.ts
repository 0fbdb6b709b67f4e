import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { fakeServer } from './testing/fakeServer.ts';
import { TimedClient, type TimedRequest } from './timedClient.ts';

const ANY: TimedRequest = { method: 'GET', path: '/', headers: {}, timeoutMs: 20_000 };

async function withServer(
  listener: RequestListener,
  use: (client: TimedClient) => Promise<void>,
): Promise<void> {
  await using server = await fakeServer(listener);
  const client = new TimedClient(server.url, { connections: 1 });
  try {
    await use(client);
  } finally {
    await client.close();
  }
}

const MIB = 1024 * 1024;

for (const [what, answer] of Object.entries<RequestListener>({
  'is announced to be too large': (_, response) => {
    response.writeHead(200, { 'content-length': 300 * MIB }).flushHeaders();
  },
  'is announced to be larger than a text can be': (_, response) => {
    response.writeHead(200, { 'content-length': 600 * MIB }).flushHeaders();
  },
  'never ends': (_, response) => {
    const piece = Buffer.alloc(MIB, 'x');
    const write = (): void => {
      while (!response.destroyed && response.write(piece));
      response.once('drain', write);
    };
    write();
  },
})) {
  test(`an answer that ${what} is a failure, and kept out of memory`, async () => {
    await withServer(answer, async (client) => {
      const exchange = await client.request(ANY);
      assert.equal(exchange.durationMs, null);
      assert.deepEqual([exchange.failure, exchange.body], ['body too large', '']);
    });
  });
}

test('an answer of several MiB is read as it is', async () => {
  const text = 'x'.repeat(7 * MIB);
  await withServer(
    (_, response) => void response.end(text),
    async (client) => {
      const { body, failure } = await client.request(ANY);
      assert.deepEqual([body.length, failure], [text.length, null]);
    },
  );
});
