import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionLine } from '../core/record/recordLine.ts';
import { parseRunRecord } from '../core/record/runRecord.ts';
import { runOf } from '../core/testing/recordOf.ts';
import { METRICS } from '../metrics/metrics.ts';
import { describeConnections, describeEncodings } from './buildSummary.ts';

const AT_MS = 1_800_000_000_000;
const opened = (http: '1.1' | '2', tls: string | null): ConnectionLine => ({
  type: 'connection',
  openedAtMs: AT_MS,
  http,
  tls,
});

test('connections are counted by what they speak', () => {
  assert.equal(describeConnections([]), null);
  assert.equal(describeConnections([opened('1.1', null)]), 'HTTP/1.1, 1 connection');
  assert.equal(
    describeConnections([opened('1.1', 'TLSv1.3'), opened('1.1', 'TLSv1.2')]),
    'HTTP/1.1 over TLS, 2 connections',
  );
  assert.equal(
    describeConnections([opened('2', 'TLSv1.3'), opened('1.1', null)]),
    'HTTP/2 over TLS, 1 connection; HTTP/1.1, 1 connection',
  );
});

test('both stand in the record, and an encoding is told once', () => {
  const encoding = { type: 'encoding', metAtMs: AT_MS, encoding: 'gzip' };
  const lines = [
    runOf([]),
    opened('2', 'TLSv1.3'),
    encoding,
    { ...encoding, encoding: 'br' },
    encoding,
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const { connections, encodings } = parseRunRecord(text, 'measurements.ndjson', METRICS);
  assert.equal(describeConnections(connections), 'HTTP/2 over TLS, 1 connection');
  assert.equal(describeEncodings(encodings), 'gzip and br');
  assert.equal(describeEncodings([]), null);
});
