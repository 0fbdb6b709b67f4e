import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { type DrawKey, drawSource } from './drawSource.ts';

const key: DrawKey = { seed: 1, kind: 'classification', index: 0, attempt: 1, aspect: 'latency' };
const drawn = (change: Partial<DrawKey> = {}) => uniformFloat64(drawSource({ ...key, ...change }));

test('the same key draws the same value, in every process and runtime', () => {
  assert.equal(drawn(), drawn());
  // Values of the first run ever, so that a change of the hash, and with it of every recorded comparison, is noticed.
  assert.equal(drawn(), 0.34267477036645466);
  assert.equal(drawn({ index: 'a prompt' }), 0.9042375044840141);
});

test('each part of the key matters', () => {
  const changes: Partial<DrawKey>[] = [
    { seed: 2 },
    { kind: 'narrative' },
    { index: 1 },
    { attempt: 2 },
    { aspect: 'stream.firstChunk' },
  ];
  const values = [drawn(), ...changes.map(drawn)];
  assert.equal(new Set(values).size, values.length);
});

test('neighbouring requests are unrelated', () => {
  const N = 20_000;
  let sum = 0;
  for (let index = 0; index < N; index++)
    sum += (drawn({ index }) - 0.5) * (drawn({ index: index + 1 }) - 0.5) * 12;
  // The correlation of N unrelated pairs has a standard error of 1/√N.
  assert.ok(Math.abs(sum / N) < 4 / Math.sqrt(N), `correlation ${sum / N}`);
});
