import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainIssue } from '../../readInput.ts';
import {
  callOverHttp1,
  exampleRequest,
  ROUTES,
  type Route,
  readAnswerText,
  type TestMock,
  testMock,
} from '../testMock.ts';
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

test('the first calls and every kth call count only what provider and kind admit', () => {
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

test('first attempts are those of each request, and later ones do not count as calls', () => {
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

const OLLAMA = { provider: 'ollama', streamed: false } as const;
const unavailable = { kind: 'status', status: 503 } as const;
const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;

/** The status of a call, and `null` where there was none. */
async function askStatus(mock: TestMock, prompt: string, route: Route = OLLAMA) {
  return (await callOverHttp1(mock.url, exampleRequest(route, prompt))).status;
}

async function askStatuses(mock: TestMock, indexes: readonly number[]) {
  const statuses: (number | null)[] = [];
  for (const index of indexes) statuses.push(await askStatus(mock, mock.prompt(index)));
  return statuses;
}

for (const route of ROUTES)
  test(`${route.name}: a slow model fails late: the latency comes before the fault`, async (context) => {
    const mock = await testMock(context);
    const faults = [
      unavailable,
      { kind: 'rateLimit' },
      { kind: 'reset', when: 'before' },
      { kind: 'reset', when: 'middle' },
      { kind: 'truncate' },
    ] as const;
    for (const fault of faults) {
      await mock.behave([{ fault }, { latency: constant(120) }]);
      await callOverHttp1(mock.url, exampleRequest(route, mock.prompt(1)));
    }
    const entries = await mock.journal(faults.length);
    for (const { fault, plannedMs, lateMs, arrivedAtMs, ...ends } of entries) {
      // Half of a stream has gone half way through the time, or a piece later.
      const isHalfOfStream = route.streamed && ends.status === 200;
      assert.ok(isHalfOfStream ? plannedMs >= 60 && plannedMs < 90 : plannedMs === 120, `${fault}`);
      const endedAtMs = ends.lastByteAtMs ?? ends.brokenOffAtMs;
      assert.ok(endedAtMs !== null && endedAtMs - arrivedAtMs > plannedMs - 1);
      assert.ok(lateMs !== null && lateMs > -1);
    }
  });

test('a stream fails when its first chunk was due', async (context) => {
  const mock = await testMock(context);
  const stream = { firstChunk: constant(50), betweenChunks: constant(60_000) };
  await mock.behave([{ stream, fault: unavailable }]);
  await askStatus(mock, mock.prompt(1), { provider: 'ollama', streamed: true });
  assert.equal((await mock.journal(1))[0]?.plannedMs, 50);
});

test('the first two attempts of each request fail, the third is answered', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ match: { attempts: { first: 2 } }, fault: unavailable }]);
  assert.deepEqual(await askStatuses(mock, [1, 2, 1, 2, 1, 2]), [503, 503, 503, 503, 200, 200]);
  const entries = await mock.journal(6);
  assert.deepEqual(
    entries.map(({ attempt, fault }) => [attempt, fault]),
    [1, 1, 2, 2, 3, 3].map((attempt) => [attempt, attempt < 3 ? 'status' : null]),
  );
});

test('provider and kind decide which calls a fault hits', async (context) => {
  const mock = await testMock(context);
  const narrative = `Write a short narrative.\nQuestion: Why? [ref:${mock.scope}-1]\nClassification: {"intent":"what"}\nData references: [{"metric":"revenue","period":"Q3","value":1,"unit":"USD","source":{"table":"t"}}]`;
  await mock.behave([
    { match: { provider: 'bedrock' }, fault: unavailable },
    { match: { kind: 'narrative' }, fault: { kind: 'rateLimit' } },
  ]);
  const statuses = [];
  for (const provider of ['ollama', 'bedrock'] as const)
    for (const prompt of [mock.prompt(1), narrative])
      statuses.push(await askStatus(mock, prompt, { provider, streamed: false }));
  assert.deepEqual(statuses, [200, 429, 503, 503]);
});

test('of several behaviours with a fault, the first that matches decides', async (context) => {
  const mock = await testMock(context);
  const behaviours: Behaviour[] = [
    { match: { attempts: { first: 1 } }, fault: { kind: 'rateLimit', retryAfter: { seconds: 1 } } },
    { match: { attempts: { first: 2 } }, fault: unavailable },
  ];
  await mock.behave(behaviours);
  assert.deepEqual(await askStatuses(mock, [1, 1, 1]), [429, 503, 200]);
});

test('an answer can be degraded and trickle; the journal names the fault', async (context) => {
  const mock = await testMock(context);
  await mock.behave([
    { answer: { kind: 'fencedJson' } },
    { fault: { kind: 'trickle', bytesPerSecond: 10_000 } },
  ]);
  const seen = await callOverHttp1(mock.url, exampleRequest(OLLAMA, mock.prompt(1)));
  assert.match(readAnswerText(OLLAMA, seen), /```json/);
  assert.equal((await mock.journal(1))[0]?.fault, 'trickle');
});
