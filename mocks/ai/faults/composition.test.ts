import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Behaviour } from '../behaviour/behaviours.ts';
import {
  callOverHttp1,
  ROUTES,
  type Route,
  requestOf,
  type TestMock,
  testMock,
  textOf,
} from '../testMock.ts';

const OLLAMA = { provider: 'ollama', streamed: false } as const;
const unavailable = { kind: 'status', status: 503 } as const;
const constant = (ms: number) => ({ distribution: 'constant', ms }) as const;

/** The status of a call, and `null` where there was none. */
async function statusOf(mock: TestMock, prompt: string, route: Route = OLLAMA) {
  return (await callOverHttp1(mock.url, requestOf(route, prompt))).status;
}

async function statusesOf(mock: TestMock, indexes: readonly number[]) {
  const statuses: (number | null)[] = [];
  for (const index of indexes) statuses.push(await statusOf(mock, mock.prompt(index)));
  return statuses;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

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
      await callOverHttp1(mock.url, requestOf(route, mock.prompt(1)));
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
  await statusOf(mock, mock.prompt(1), { provider: 'ollama', streamed: true });
  assert.equal((await mock.journal(1))[0]?.plannedMs, 50);
});

test('a slow first byte is a stream whose first chunk is late', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ stream: { firstChunk: constant(150), betweenChunks: constant(1) } }]);
  await statusOf(mock, mock.prompt(1), { provider: 'bedrock', streamed: true });
  const [entry] = await mock.journal(1);
  assert.ok(entry?.firstByteAtMs && entry.lastByteAtMs);
  const firstMs = entry.firstByteAtMs - entry.arrivedAtMs;
  assert.ok(firstMs > 3 * (entry.lastByteAtMs - entry.firstByteAtMs), `${firstMs} ms`);
});

test('the first two attempts of each request fail, the third is well', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ match: { attempts: { first: 2 } }, fault: unavailable }]);
  assert.deepEqual(await statusesOf(mock, [1, 2, 1, 2, 1, 2]), [503, 503, 503, 503, 200, 200]);
  const entries = await mock.journal(6);
  assert.deepEqual(
    entries.map(({ attempt, fault }) => [attempt, fault]),
    [1, 1, 2, 2, 3, 3].map((attempt) => [attempt, attempt < 3 ? 'status' : null]),
  );
});

test('the first calls and every kth call count what the rest of the match admits', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ match: { calls: { first: 2 } }, fault: unavailable }]);
  assert.deepEqual(await statusesOf(mock, upTo(4)), [503, 503, 200, 200]);
  await mock.behave([{ match: { calls: { every: 3 } }, fault: unavailable }]);
  assert.deepEqual(await statusesOf(mock, upTo(6)), [200, 200, 503, 200, 200, 503]);
  // Retries are not counted, nor hit.
  const match = { attempts: { first: 1 }, calls: { every: 2 } };
  await mock.behave([{ match, fault: unavailable }]);
  assert.deepEqual(await statusesOf(mock, [10, 10, 10, 11, 11, 12, 13]), [
    ...[200, 200, 200],
    ...[503, 200],
    ...[200, 503],
  ]);
});

test('a share hits the same requests in every run with the same seed, and others with another', async (context) => {
  const COUNT = 60;
  const run = async (seed: number) => {
    const mock = await testMock(context);
    await mock.behave([{ match: { calls: { share: 0.4 } }, fault: unavailable }], seed);
    return (await statusesOf(mock, upTo(COUNT))).join(' ');
  };
  const first = await run(3);
  assert.equal(await run(3), first);
  assert.notEqual(await run(4), first);
  const share = first.split(' ').filter((status) => status === '503').length / COUNT;
  assert.ok(share > 0.15 && share < 0.65, `${share} were hit`);
});

test('provider and kind choose whom a fault hits', async (context) => {
  const mock = await testMock(context);
  const narrative = `Write a short narrative.\nQuestion: Why? [ref:${mock.scope}-1]\nClassification: {"intent":"what"}\nData references: [{"metric":"revenue","period":"Q3","value":1,"unit":"USD","source":{"table":"t"}}]`;
  await mock.behave([
    { match: { provider: 'bedrock' }, fault: unavailable },
    { match: { kind: 'narrative' }, fault: { kind: 'rateLimit' } },
  ]);
  const statuses = [];
  for (const provider of ['ollama', 'bedrock'] as const)
    for (const prompt of [mock.prompt(1), narrative])
      statuses.push(await statusOf(mock, prompt, { provider, streamed: false }));
  assert.deepEqual(statuses, [200, 429, 503, 503]);
});

test('of several faults the first decides: one behaviour after another', async (context) => {
  const mock = await testMock(context);
  const behaviours: Behaviour[] = [
    { match: { attempts: { first: 1 } }, fault: { kind: 'rateLimit', retryAfter: { seconds: 1 } } },
    { match: { attempts: { first: 2 } }, fault: unavailable },
  ];
  await mock.behave(behaviours);
  assert.deepEqual(await statusesOf(mock, [1, 1, 1]), [429, 503, 200]);
});

test('an answer can be degraded and trickle; the journal names the fault', async (context) => {
  const mock = await testMock(context);
  await mock.behave([
    { answer: { kind: 'fencedJson' } },
    { fault: { kind: 'trickle', bytesPerSecond: 10_000 } },
  ]);
  const seen = await callOverHttp1(mock.url, requestOf(OLLAMA, mock.prompt(1)));
  assert.match(textOf(OLLAMA, seen), /```json/);
  assert.equal((await mock.journal(1))[0]?.fault, 'trickle');
});

test('only calls of the scope meet its faults', async (context) => {
  const mock = await testMock(context);
  await mock.behave([{ fault: unavailable }]);
  assert.equal(await statusOf(mock, 'Classify. JSON object.\nQuestion: What is churn?'), 200);
  assert.equal(await statusOf(mock, mock.prompt(1)), 503);
});
