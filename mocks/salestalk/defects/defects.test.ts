import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodModel } from '../testing/goodModel.ts';
import { idleService } from '../testing/idleService.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { type TestSalestalk, testSalestalk } from '../testing/testSalestalk.ts';
import { findDefects } from './findDefects.ts';

const message = 'What is Q3 revenue?';

/** Each form of a good answer, as its object. */
async function answers(salestalk: TestSalestalk): Promise<Record<string, unknown>[]> {
  const headers = { Accept: 'application/x-ndjson' };
  const streamed = await (await salestalk.post('/chat', { message }, { headers })).text();
  return [
    await (await salestalk.post('/classify', { question: message })).json(),
    await (await salestalk.post('/chat', { message })).json(),
    JSON.parse(streamed.trim().split('\n').at(-1) ?? ''),
  ];
}

/** How long each of `count` requests to a service that does nothing takes under a defect, in its own time. */
async function delaysMs(name: string, count: number): Promise<number[]> {
  const clock = new ManualClock();
  const service = idleService([name], clock);
  const delays: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = Promise.resolve(service.request('/'));
    delays.push(await (await clock.runUntil(answer)).json());
  }
  return delays;
}

test('slow-median holds every answer back, and latencyMs would say so', async () => {
  assert.deepEqual(await delaysMs('slow-median', 5), [1100, 1100, 1100, 1100, 1100]);
});

test('slow-quarter holds a quarter of the answers back, the same ones for the same seed', async () => {
  const delays = await delaysMs('slow-quarter', 400);
  assert.deepEqual([...new Set(delays)].sort(), [0, 2500]);
  const share = delays.filter((delayMs) => delayMs > 0).length / delays.length;
  // Four standard deviations of a share of 25 % in 400 draws.
  assert.ok(Math.abs(share - 0.25) < 0.087, `${share}`);
  assert.deepEqual(await delaysMs('slow-quarter', 400), delays);
});

test('halved-latency halves what latencyMs says, in each form of an answer', async () => {
  await using salestalk = await testSalestalk({ defects: ['halved-latency'] });
  const slowMs = 60;
  salestalk.ollama.answer((call) => ({ ...goodModel(call), afterMs: slowMs }));
  for (const answer of await answers(salestalk)) {
    const { latencyMs } = answer.metadata as { latencyMs: number };
    assert.ok(latencyMs >= slowMs / 2 - 1, `${latencyMs}`);
  }
  const startMs = performance.now();
  const answer = await (await salestalk.post('/classify', { question: message })).json();
  const elapsedMs = performance.now() - startMs;
  assert.ok(
    answer.metadata.latencyMs <= elapsedMs / 2,
    `${answer.metadata.latencyMs} of ${elapsedMs}`,
  );
});

test('no-metadata leaves the metadata out, and nothing else', async () => {
  await using defective = await testSalestalk({ defects: ['no-metadata'] });
  await using clean = await testSalestalk();
  const [bad, good] = [await answers(defective), await answers(clean)];
  for (const [index, answer] of bad.entries()) {
    const keys = Object.keys(good[index] ?? {});
    assert.ok(keys.includes('metadata'));
    assert.deepEqual(
      Object.keys(answer),
      keys.filter((key) => key !== 'metadata'),
    );
  }
});

test('two-percent-errors answers 500 to about that many, in the usual form, without a model call', async () => {
  await using salestalk = await testSalestalk({ defects: ['two-percent-errors'], seed: 3 });
  const statuses = new Map<number, number>();
  let failures = 0;
  for (let batch = 0; batch < 10; batch += 1) {
    const asked = Array.from({ length: 40 }, () =>
      salestalk.post('/classify', { question: message }),
    );
    for (const response of await Promise.all(asked)) {
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      const body = await response.json();
      if (response.status === 500) {
        failures += 1;
        assert.equal(body.error, 'InternalServerError');
        assert.equal(body.requestId, response.headers.get('X-Request-Id'));
      }
    }
  }
  assert.deepEqual([...statuses.keys()].sort(), [200, 500]);
  // Four standard deviations of a share of 2 % in 400 draws.
  assert.ok(failures >= 1 && failures <= 19, `${failures}`);
  assert.equal(salestalk.ollama.calls.length, 400 - failures);
});

test('defects leave health, metrics, the page and errors alone', async () => {
  const names = ['halved-latency', 'no-metadata'];
  await using salestalk = await testSalestalk({ defects: ['slow-median', ...names] });
  for (const path of ['/health', '/metrics', '/', '/config.json']) {
    assert.equal((await fetch(`${salestalk.url}${path}`)).status, 200);
  }
  const metrics = await (await fetch(`${salestalk.url}/metrics`)).text();
  assert.ok(!metrics.includes('status="500"'));

  await using refusing = await testSalestalk({ defects: names });
  const refused = await refusing.post('/classify', {});
  assert.equal(refused.status, 400);
  assert.deepEqual(Object.keys(await refused.json()).sort(), ['error', 'message', 'requestId']);
});

test('defects may be planted together', async () => {
  for (const defects of [
    ['halved-latency', 'no-metadata'],
    ['no-metadata', 'halved-latency'],
  ]) {
    await using salestalk = await testSalestalk({ defects });
    for (const answer of await answers(salestalk)) assert.equal('metadata' in answer, false);
  }
});

test('an unknown defect is an error that names the known ones', () => {
  assert.throws(() => findDefects(['slow-median', 'slow-moon']), {
    code: 'DEFECT_UNKNOWN',
    message:
      /"slow-moon".*slow-median, slow-quarter, halved-latency, two-percent-errors, no-metadata/,
  });
});
