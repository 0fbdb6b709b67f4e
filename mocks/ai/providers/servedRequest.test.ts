import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import { HttpHandler } from 'msw/http';
import { newCall } from '../journal/callLog.ts';
import { ServedRequest } from './servedRequest.ts';

const requestTo = (target: string, headers = {}) =>
  new ServedRequest({ method: 'POST', target, headers, body: Buffer.of(), call: newCall(0) });

const matches = (pattern: string, request: ServedRequest): Promise<boolean> =>
  new HttpHandler('POST', pattern, () => undefined).test({ request: request.toMsw() });

test('MSW matches it, as a path or as the whole URL that a proxy is given', async () => {
  for (const target of ['/api/generate', '/api/generate?a=1', 'http://model.example/api/generate'])
    assert.ok(await matches('*/api/generate', requestTo(target)), target);
  assert.ok(await matches('*/model/:modelId/invoke', requestTo('/model/a.b%3A0/invoke')));
});

test('what is no URL matches no path and breaks nothing', async () => {
  for (const target of ['*', '//', '//[', 'http://[', ''])
    assert.equal(await matches('*/api/generate', requestTo(target)), false, target);
});

test('headers are found in any case, and repeated ones together', () => {
  const { headers } = requestTo('/', { traceparent: 'a', 'set-cookie': ['b', 'c'] });
  assert.equal(headers.get('TraceParent'), 'a');
  assert.equal(headers.get('set-cookie'), 'b,c');
  assert.equal(headers.get('absent'), null);
});

test('a request that was not served is told from one that was', () => {
  const served = requestTo('/');
  assert.equal(ServedRequest.fromMsw(served.toMsw()), served);
  assert.throws(() => ServedRequest.fromMsw(new Request('http://x/')), /not served over HTTP/);
});
