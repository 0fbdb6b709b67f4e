import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { readBody } from './readBody.ts';

const read = (...chunks: string[]): Promise<string> => {
  const incoming = new IncomingMessage(new Socket());
  for (const chunk of chunks) incoming.push(chunk);
  incoming.push(null);
  return new Promise((resolve) => readBody(incoming, (body) => resolve(body.toString())));
};

test('a body is read from no piece, one or several', async () => {
  assert.deepEqual(
    [await read(), await read('whole'), await read('in ', 'two')],
    ['', 'whole', 'in two'],
  );
});
