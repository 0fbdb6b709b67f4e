import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { MOST_BODY_BYTES, readBody } from './readBody.ts';

const read = (...chunks: string[]): Promise<string> => {
  const incoming = new IncomingMessage(new Socket());
  for (const chunk of chunks) incoming.push(chunk);
  incoming.push(null);
  return new Promise((resolve) =>
    readBody(incoming, (body) => resolve(body === null ? 'too large' : body.toString())),
  );
};

test('a body is read from no piece, one or several', async () => {
  assert.deepEqual(
    [await read(), await read('whole'), await read('in ', 'two')],
    ['', 'whole', 'in two'],
  );
});

test('one that is too large is reported once, before its end', async () => {
  const incoming = new IncomingMessage(new Socket());
  const half = Buffer.alloc(MOST_BODY_BYTES / 2 + 1);
  const seen: unknown[] = [];
  readBody(incoming, (body) => seen.push(body));
  for (let at = 0; at < 4; at++) incoming.push(half);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, [null]);
  incoming.push(null);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(seen, [null]);
});
