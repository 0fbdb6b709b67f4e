import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainIssue } from '../explainIssue.ts';
import {
  type Behaviour,
  behaviourSchema,
  type MatchedCall,
  matchingBehaviours,
} from './behaviours.ts';

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

function call(index: number, change: Partial<MatchedCall> = {}): MatchedCall {
  const kind = change.kind ?? 'classification';
  return { provider: 'ollama', kind, draw: { seed: 1, kind, index, attempt: 1 }, ...change };
}

/** For each call, whether the only behaviour matched it. */
function hits(behaviour: Behaviour, calls: MatchedCall[]): boolean[] {
  const admitted = [0];
  return calls.map((each) => matchingBehaviours([behaviour], admitted, each).length === 1);
}

const calls = (count: number) => Array.from({ length: count }, (_, index) => call(index));

test('a behaviour without a match applies to every call', () => {
  assert.deepEqual(hits({}, [call(0), call(1, { provider: 'bedrock', kind: 'unknown' })]), [
    true,
    true,
  ]);
});

test('provider and kind narrow it', () => {
  const [classify, narrate] = [call(0), call(0, { kind: 'narrative' })];
  assert.deepEqual(hits({ match: { kind: 'narrative' } }, [classify, narrate]), [false, true]);
  assert.deepEqual(hits({ match: { provider: 'bedrock' } }, [classify]), [false]);
});

test('first k and every kth count only the calls that provider and kind admit', () => {
  assert.deepEqual(hits({ match: { calls: { first: 2 } } }, calls(4)), [true, true, false, false]);
  assert.deepEqual(hits({ match: { calls: { every: 2 } } }, calls(4)), [false, true, false, true]);
  const mixed = [call(0, { kind: 'narrative' }), call(0), call(1, { kind: 'narrative' }), call(1)];
  assert.deepEqual(hits({ match: { kind: 'classification', calls: { first: 1 } } }, mixed), [
    false,
    true,
    false,
    false,
  ]);
});

test('first attempts are those of each request, whatever the others do; other calls are not counted', () => {
  const attempts = ([index, attempt]: readonly [number, number]) =>
    call(index, { draw: { seed: 1, kind: 'classification', index, attempt } });
  const made = (
    [
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
      [0, 3],
    ] as const
  ).map(attempts);
  assert.deepEqual(hits({ match: { attempts: { first: 2 } } }, made), [
    ...[true, true, true, true],
    false,
  ]);
  const retriesAside = { match: { attempts: { first: 1 }, calls: { every: 2 } } };
  const order = (
    [
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 1],
      [3, 1],
    ] as const
  ).map(attempts);
  assert.deepEqual(hits(retriesAside, order), [false, false, true, false, false, true]);
});

test('a share is drawn for each request, whatever the order in which they arrive', () => {
  const behaviour: Behaviour = { match: { calls: { share: 0.25 } } };
  const N = 4000;
  const forth = hits(behaviour, calls(N));
  const back = hits(behaviour, calls(N).reverse()).reverse();
  assert.deepEqual(back, forth);
  const share = forth.filter(Boolean).length / N;
  assert.ok(Math.abs(share - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / N), `${share} were hit`);
  assert.ok(hits({ match: { calls: { share: 1 } } }, calls(50)).every(Boolean));
  assert.ok(!hits({ match: { calls: { share: 0 } } }, calls(50)).some(Boolean));
});

test('shares of two behaviours hit independently', () => {
  const half: Behaviour = { match: { calls: { share: 0.5 } } };
  const admitted = [0, 0];
  const N = 4000;
  const both = calls(N).filter(
    (each) => matchingBehaviours([half, half], admitted, each).length === 2,
  );
  assert.ok(Math.abs(both.length / N - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / N));
});
