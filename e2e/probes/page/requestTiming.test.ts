import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Protocol } from 'puppeteer-core';
import { classifyAbort, derivePhases, type ResourceEntry } from './requestTiming.ts';

const REUSED: Protocol.Network.ResourceTiming = {
  requestTime: 100,
  proxyStart: -1,
  proxyEnd: -1,
  workerStart: -1,
  workerReady: -1,
  workerFetchStart: -1,
  workerRespondWithSettled: -1,
  pushStart: 0,
  pushEnd: 0,
  dnsStart: -1,
  dnsEnd: -1,
  connectStart: -1,
  connectEnd: -1,
  sslStart: -1,
  sslEnd: -1,
  sendStart: 2,
  sendEnd: 3,
  receiveHeadersStart: 13,
  receiveHeadersEnd: 14,
};
const FRESH: typeof REUSED = {
  ...REUSED,
  dnsStart: 1,
  dnsEnd: 6,
  connectStart: 6,
  connectEnd: 36,
  sslStart: 16,
  sslEnd: 36,
  sendStart: 38,
  sendEnd: 39,
  receiveHeadersStart: 50,
  receiveHeadersEnd: 51,
};
// The page asked 4 ms before Chromium took the request up.
const ISSUED_MS = 99_996;

test('a fresh connection has every phase, and they add up to the whole', () => {
  const phases = derivePhases(FRESH, ISSUED_MS, 100_080);
  assert.deepEqual(phases, {
    queueMs: 7, // 4 before it was taken up, 1 before DNS, 2 between TLS and sending
    dnsMs: 5,
    connectMs: 10,
    tlsMs: 20,
    sendMs: 1,
    waitMs: 11,
    downloadMs: 30,
  });
  const sum = Object.values(phases).reduce<number>((total, ms) => total + (ms ?? Number.NaN), 0);
  assert.equal(sum, 100_080 - ISSUED_MS);
});

test('without TLS, all of connecting is TCP', () => {
  const { connectMs, tlsMs } = derivePhases(
    { ...FRESH, sslStart: -1, sslEnd: -1 },
    ISSUED_MS,
    null,
  );
  assert.deepEqual([connectMs, tlsMs], [30, null]);
});

test('on an open connection DNS and connecting are null, not 0', () => {
  assert.deepEqual(derivePhases(REUSED, ISSUED_MS, 100_015), {
    queueMs: 6,
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    sendMs: 1,
    waitMs: 10,
    downloadMs: 2,
  });
});

test('an unfinished request has no download, an unanswered one no wait', () => {
  assert.equal(derivePhases(REUSED, ISSUED_MS, null).downloadMs, null);
  const unanswered = { ...REUSED, receiveHeadersStart: -1, receiveHeadersEnd: -1 };
  const { sendMs, waitMs, downloadMs } = derivePhases(unanswered, ISSUED_MS, 100_015);
  assert.deepEqual([sendMs, waitMs, downloadMs], [1, null, null]);
});

test('without the time of the first byte, the end of the head counts', () => {
  const older = { ...REUSED, receiveHeadersStart: 0 };
  assert.equal(derivePhases(older, ISSUED_MS, null).waitMs, 11);
});

type Aborted = Parameters<typeof classifyAbort>[0];
const answer = (status = 200, headers: Record<string, string> = {}) =>
  ({ status, headers }) as Aborted['response'];
const STREAM: Aborted = { method: 'POST', response: answer(), receivedBytes: 40 };
const announced = (length: number, parts: Partial<Aborted> = {}): Aborted => {
  return { ...STREAM, response: answer(200, { 'Content-Length': String(length) }), ...parts };
};
const READ: ResourceEntry = {
  url: 'http://127.0.0.1/',
  startAtMs: 1_800_000_000_000,
  responseEndMs: 100,
  isOpen: true,
  status: 200,
  encodedBodyBytes: 40,
  decodedBodyBytes: 40,
};

test("the page's entry of an aborted request decides by its size and status", () => {
  assert.equal(classifyAbort(STREAM, READ), 'finished');
  assert.equal(classifyAbort(STREAM, { ...READ, decodedBodyBytes: 0 }), 'failed');
  assert.equal(classifyAbort(STREAM, { ...READ, status: 0 }), 'failed');
  // All of it had arrived when the page cancelled, having read a part.
  assert.equal(classifyAbort(STREAM, { ...READ, decodedBodyBytes: 60 }), 'failed');
});

test("without the page's entry, the announced length decides", () => {
  assert.equal(classifyAbort(announced(40), null), 'finished');
  assert.equal(classifyAbort(announced(41), null), 'failed');
  assert.equal(classifyAbort(announced(41), READ), 'failed');
});

test('the announced length of an encoded answer does not count', () => {
  const headers = { 'content-length': '90', 'content-encoding': 'gzip' };
  assert.equal(classifyAbort({ ...STREAM, response: answer(200, headers) }, READ), 'finished');
});

test('an entry of another origin decides by its status, since its sizes are hidden', () => {
  const hidden = { ...READ, isOpen: false, encodedBodyBytes: 0, decodedBodyBytes: 0 };
  assert.equal(classifyAbort(STREAM, hidden), 'undecided');
  assert.equal(classifyAbort(announced(40), hidden), 'finished');
  assert.equal(classifyAbort(STREAM, { ...hidden, status: 0 }), 'failed');
});

test('an empty body is finished by its length, status or method, and undecided otherwise', () => {
  const empty = { ...STREAM, receivedBytes: 0 };
  const nothing = { ...READ, encodedBodyBytes: 0, decodedBodyBytes: 0 };
  assert.equal(classifyAbort(empty, nothing), 'undecided');
  assert.equal(classifyAbort(announced(0, { receivedBytes: 0 }), nothing), 'finished');
  assert.equal(classifyAbort({ ...empty, response: answer(204) }, null), 'finished');
  assert.equal(classifyAbort(announced(9, { receivedBytes: 0, method: 'HEAD' }), null), 'finished');
  assert.equal(classifyAbort({ ...empty, response: null }, null), 'failed');
});
