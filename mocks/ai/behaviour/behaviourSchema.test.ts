import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainIssue } from '../explainIssue.ts';
import { behaviourSchema } from './behaviourSchema.ts';

const refused: [behaviour: unknown, path: string][] = [
  [{ latencyMs: 5 }, 'body'],
  [{ fault: { status: 500 } }, 'fault.kind'],
  [{ fault: { kind: 'status', status: 200 } }, 'fault.status'],
  [{ fault: { kind: 'status', status: 500, retryAfter: { seconds: 1 } } }, 'fault'],
  [{ fault: { kind: 'rateLimit', retryAfter: { seconds: -1 } } }, 'fault.retryAfter.seconds'],
  [{ fault: { kind: 'rateLimit', retryAfter: {} } }, 'fault.retryAfter'],
  [
    { fault: { kind: 'rateLimit', retryAfter: { seconds: 1, date: { inSeconds: 1 } } } },
    'fault.retryAfter',
  ],
  [{ fault: { kind: 'reset', when: 'after' } }, 'fault.when'],
  [{ fault: { kind: 'trickle', bytesPerSecond: 0 } }, 'fault.bytesPerSecond'],
  [{ fault: { kind: 'hang', forMs: 5 } }, 'fault'],
  [{ answer: { kind: 'rude' } }, 'answer.kind'],
  [{ answer: { kind: 'empty', sizeBytes: 5 } }, 'answer'],
  [{ answer: { kind: 'huge', sizeBytes: 0 } }, 'answer.sizeBytes'],
  [{ match: { attempts: { first: 0 } } }, 'match.attempts.first'],
  [{ match: { attempts: {} } }, 'match.attempts.first'],
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
