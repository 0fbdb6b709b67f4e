import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { http } from 'msw/http';
import { MAX_BODY_BYTES, readBody, toFetchRequest } from './readRequest.ts';

async function read(...chunks: string[]): Promise<string | undefined> {
  const incoming = new IncomingMessage(new Socket());
  for (const chunk of chunks) incoming.push(chunk);
  incoming.push(null);
  return (await readBody(incoming))?.toString();
}

test('a body is read from no piece, one or several', async () => {
  assert.deepEqual(
    [await read(), await read('whole'), await read('in ', 'two')],
    ['', 'whole', 'in two'],
  );
});

test('a body that is too large is reported before its end', async () => {
  const incoming = new IncomingMessage(new Socket());
  const half = Buffer.alloc(MAX_BODY_BYTES / 2 + 1);
  const body = readBody(incoming);
  for (let at = 0; at < 4; at++) incoming.push(half);
  assert.equal(await body, null);
});

const requestTo = (url: string, headers = {}, method = 'POST') =>
  toFetchRequest({ method, url, headers }, Buffer.from('{"a":1}'));

async function matches(pattern: string, url: string): Promise<boolean> {
  const request = requestTo(url);
  assert.ok(request);
  return http.post(pattern, () => undefined).test({ request });
}

test('MSW matches the request, as a path or as the whole URL that a proxy gets', async () => {
  for (const url of ['/api/generate', '/api/generate?a=1', 'http://model.example/api/generate'])
    assert.ok(await matches('*/api/generate', url), url);
  assert.ok(await matches('*/model/:modelId/invoke', '/model/a.b%3A0/invoke'));
});

test('what is no URL matches no path and breaks nothing', async () => {
  for (const url of ['*', '//', '//[', 'http://[', ''])
    assert.equal(await matches('*/api/generate', url), false, url);
});

test('headers are found in any case, and repeated ones together', () => {
  const headers = { ':method': 'POST', traceparent: 'a', 'set-cookie': ['b', 'c'] };
  const request = requestTo('/', headers);
  assert.equal(request?.headers.get('TraceParent'), 'a');
  assert.equal(request?.headers.get('set-cookie'), 'b,c');
  assert.equal(request?.headers.get('absent'), null);
});

test('only a request that may have a body gets it', async () => {
  assert.deepEqual(await requestTo('/')?.json(), { a: 1 });
  assert.equal(requestTo('/', {}, 'GET')?.body, null);
  assert.equal(requestTo('/', {}, 'TRACE'), null);
});
