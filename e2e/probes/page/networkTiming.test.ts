import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivePhases, type NetworkTiming } from './networkTiming.ts';

const REUSED: NetworkTiming = {
  requestTime: 100,
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
const FRESH: NetworkTiming = {
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

test('without TLS the whole connecting is TCP', () => {
  const { connectMs, tlsMs } = derivePhases(
    { ...FRESH, sslStart: -1, sslEnd: -1 },
    ISSUED_MS,
    null,
  );
  assert.deepEqual([connectMs, tlsMs], [30, null]);
});

test('on a connection that stood already there is neither DNS nor connecting, rather than 0 of it', () => {
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

test('what has not ended has no download, what was not answered no wait', () => {
  assert.equal(derivePhases(REUSED, ISSUED_MS, null).downloadMs, null);
  const unanswered = { ...REUSED, receiveHeadersStart: -1, receiveHeadersEnd: -1 };
  const { sendMs, waitMs, downloadMs } = derivePhases(unanswered, ISSUED_MS, 100_015);
  assert.deepEqual([sendMs, waitMs, downloadMs], [1, null, null]);
});

test('where the first byte is not told, the end of the head stands for it', () => {
  const { receiveHeadersStart: _, ...older } = REUSED;
  assert.equal(derivePhases(older, ISSUED_MS, null).waitMs, 11);
});
