import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { Hono } from 'hono';
import { systemClock } from '../api/clock.ts';
import type { Services } from '../api/services.ts';
import { goodModel } from '../testing/fakeOllama.ts';
import { createIdleService } from '../testing/idleService.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { aiCall } from '../testing/scriptedProvider.ts';
import { askInEachForm, testSalestalk } from '../testing/testSalestalk.ts';
import { plantDefects } from './plantDefects.ts';

const QUESTION = 'What is Q3 revenue?';

/** How long each of `count` requests, one after the other, is delayed, in ms. */
async function delaysMs(defects: string[], count: number, path = '/'): Promise<number[]> {
  const clock = new ManualClock();
  const service = createIdleService(defects, clock);
  const delays: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = Promise.resolve(service.request(path));
    delays.push(await (await clock.runUntil(answer)).json());
  }
  return delays;
}

test('slow-median delays every answer, and latencyMs includes the delay', async () => {
  assert.deepEqual(await delaysMs(['slow-median'], 5), [1100, 1100, 1100, 1100, 1100]);
});

test('slow-quarter delays a quarter of the answers, the same ones for the same seed', async () => {
  const delays = await delaysMs(['slow-quarter'], 400);
  assert.deepEqual([...new Set(delays)].sort(), [0, 2500]);
  const share = delays.filter((delayMs) => delayMs > 0).length / delays.length;
  // Four standard deviations of a share of 25 % in 400 draws.
  assert.ok(Math.abs(share - 0.25) < 0.087, `${share}`);
  assert.deepEqual(await delaysMs(['slow-quarter'], 400), delays);
});

test('slow-tail answers one request in fifty late, the same ones for the same seed', async () => {
  const lateMs = async () => {
    const clock = new ManualClock();
    const service = createIdleService(['slow-tail'], clock);
    const times: number[] = [];
    for (let index = 0; index < 2_000; index += 1) {
      const sentMs = clock.monotonicMs();
      await clock.runUntil(Promise.resolve(service.request('/')));
      times.push(clock.monotonicMs() - sentMs);
    }
    return times;
  };
  const times = await lateMs();
  assert.deepEqual([...new Set(times)].sort(), [0, 800]);
  const share = times.filter((ms) => ms > 0).length / times.length;
  // Four standard deviations of a share of 2 % in 2,000 draws.
  assert.ok(Math.abs(share - 0.02) < 0.0126, `${share}`);
  assert.deepEqual(await lateMs(), times);
});

test('classify-five-ms delays /classify, and leaves /chat alone', async () => {
  assert.deepEqual(await delaysMs(['classify-five-ms'], 2, '/classify'), [5, 5]);
  assert.deepEqual(await delaysMs(['classify-five-ms'], 2, '/chat'), [0, 0]);
});

test("slower-own-time prolongs a request by a share of its path's own time alone, without the model's calls", async () => {
  let nowMs = 0;
  // Moves on whenever it is read, as a busy wait needs.
  const clock = { ...systemClock, monotonicMs: () => (nowMs += 0.001) };
  const model = async () => {
    nowMs += 500;
    return '';
  };
  const clean = { provider: { complete: model } } as unknown as Services;
  const { services, around } = plantDefects(['slower-own-time'], clean, {
    ...{ clock, seed: 1, aiUrl: '', tenantIds: [] },
  });
  let other: Response | Promise<Response> | undefined;
  const service = new Hono().use(...(around as [])).get('/:work', async (c) => {
    const work = c.req.param('work');
    if (work === 'pair') other = service.request('/10');
    await services.provider.complete(aiCall());
    nowMs += work === 'pair' ? 1000 : Number(work);
    return c.text('');
  });
  const delayOf = async (work: string, takesMs: number): Promise<number> => {
    const startMs = nowMs;
    await service.request(`/${work}`);
    return nowMs - startMs - takesMs;
  };
  // Half of 25 own times must be known.
  for (const [work, ownMs] of [
    ['10', 10],
    ['20', 20],
  ] as const) {
    for (let request = 0; request < 12; request++) {
      assert.ok((await delayOf(work, 500 + ownMs)) < 0.1);
    }
    for (let request = 0; request < 13; request++) await delayOf(work, 0);
    const delayMs = await delayOf(work, 500 + ownMs);
    assert.ok(Math.abs(delayMs - 0.27 * ownMs) < 0.1, `${delayMs} of ${ownMs}`);
  }
  // What requests take that overlap is the own time of none.
  for (let pair = 0; pair < 25; pair++) {
    await service.request('/pair');
    await other;
  }
  assert.ok((await delayOf('pair', 1500 + 510)) < 10);
  assert.ok(Math.abs((await delayOf('10', 510)) - 2.7) < 0.1);
});

test('halved-latency halves latencyMs in each form of an answer', async () => {
  await using salestalk = await testSalestalk({ defects: ['halved-latency'] });
  const slowMs = 60;
  salestalk.ollama.answer((call) => ({ ...goodModel(call), afterMs: slowMs }));
  for (const answer of await askInEachForm(salestalk)) {
    const { latencyMs } = answer.metadata as { latencyMs: number };
    assert.ok(latencyMs >= slowMs / 2 - 1, `${latencyMs}`);
  }
  const startMs = performance.now();
  const answer = await (await salestalk.post('/classify', { question: QUESTION })).json();
  const elapsedMs = performance.now() - startMs;
  assert.ok(
    answer.metadata.latencyMs <= elapsedMs / 2,
    `${answer.metadata.latencyMs} of ${elapsedMs}`,
  );
});

test('no-metadata leaves the metadata out, and nothing else', async () => {
  await using defective = await testSalestalk({ defects: ['no-metadata'] });
  await using clean = await testSalestalk();
  const [bad, good] = [await askInEachForm(defective), await askInEachForm(clean)];
  for (const [index, answer] of bad.entries()) {
    const keys = Object.keys(good[index] ?? {});
    assert.ok(keys.includes('metadata'));
    assert.deepEqual(
      Object.keys(answer),
      keys.filter((key) => key !== 'metadata'),
    );
  }
});

test('slowing delays the nth request by n times 0.05 ms', async () => {
  const delays = await delaysMs(['slowing'], 1_000);
  for (const [index, delayMs] of delays.entries()) {
    // The clock adds up rounding errors.
    assert.ok(Math.abs(delayMs - (index + 1) * 0.05) < 1e-6, `${delayMs} at ${index}`);
  }
  assert.deepEqual(new Set(await delaysMs([], 1_000)), new Set([0]));
});

/** How long requests that arrive at these moments are delayed, in ms. */
async function delaysInStallMs(defects: string[], arrivalsMs: number[]): Promise<number[]> {
  const clock = new ManualClock();
  // The stalls count from the start of the service, not of the clock.
  await clock.pass(777);
  const service = createIdleService(defects, clock);
  const answers: Promise<Response>[] = [];
  for (const atMs of arrivalsMs) {
    await clock.pass(777 + atMs - clock.monotonicMs());
    answers.push(Promise.resolve(service.request('/')));
  }
  const ended = await clock.runUntil(Promise.all(answers));
  return Promise.all(ended.map((answer) => answer.json()));
}

test('stall: only requests that arrive within its 3 s wait for its end', async () => {
  const arrivalsMs = [0, 19_999, 20_000, 21_500, 22_999, 23_000, 39_999, 40_000, 61_000, 63_000];
  assert.deepEqual(
    await delaysInStallMs(['stall'], arrivalsMs),
    [0, 0, 3_000, 1_500, 1, 0, 0, 3_000, 2_000, 0],
  );
  assert.deepEqual(await delaysInStallMs([], arrivalsMs), Array(10).fill(0));
});

test('stall: the wait ends when the caller leaves', async () => {
  const clock = new ManualClock();
  const service = createIdleService(['stall'], clock);
  await clock.pass(20_000);
  const caller = new AbortController();
  const answer = Promise.resolve(service.request('/', { signal: caller.signal }));
  caller.abort();
  assert.equal((await clock.runUntil(answer)).status, 499);
  assert.equal(clock.monotonicMs(), 20_000);
});
