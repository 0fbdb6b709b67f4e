import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainIssue } from '../explainIssue.ts';
import { behaviourSchema } from './behaviourSchema.ts';

const refused: [behaviour: unknown, path: string][] = [
  [{ latencyMs: 5 }, 'body'],
  [{ fault: { status: 500 } }, 'body'],
  [{ latency: { distribution: 'normal', ms: 5 } }, 'latency.distribution'],
  [{ latency: { distribution: 'constant', ms: -1 } }, 'latency.ms'],
  [{ latency: { distribution: 'constant', ms: '5' } }, 'latency.ms'],
  [{ latency: { distribution: 'constant', ms: 5, p95Ms: 6 } }, 'latency'],
  [{ latency: { distribution: 'uniform', minMs: 5, maxMs: 4 } }, 'latency.maxMs'],
  [{ latency: { distribution: 'logNormal', medianMs: 0, p95Ms: 4 } }, 'latency.medianMs'],
  [{ latency: { distribution: 'logNormal', medianMs: 5, p95Ms: 4 } }, 'latency.p95Ms'],
  [{ stream: { firstChunk: { distribution: 'constant', ms: 5 } } }, 'stream.betweenChunks'],
  [{ match: { kind: 'unknown' } }, 'match.kind'],
  [{ match: { calls: { first: 0 } } }, 'match.calls.first'],
  [{ match: { calls: { share: 1.1 } } }, 'match.calls.share'],
  [{ match: { calls: { first: 1, every: 2 } } }, 'match.calls'],
  [{ match: { calls: {} } }, 'match.calls'],
];

test('a wrong behaviour is refused with the path to what is wrong', () => {
  for (const [behaviour, path] of refused) {
    const read = behaviourSchema.safeParse(behaviour);
    assert.ok(!read.success, `${JSON.stringify(behaviour)} was accepted`);
    assert.equal(explainIssue(read.error, behaviour).split(':')[0], path);
  }
});

test('every field is optional', () => {
  assert.deepEqual(behaviourSchema.parse({}), {});
  assert.ok(behaviourSchema.safeParse({ match: { calls: { every: 3 } } }).success);
});
