import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import type { Services } from '../../api/services.ts';
import { collectGarbage } from '../../collectGarbage.ts';
import { idleService } from '../../testing/idleService.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import { testSalestalk } from '../../testing/testSalestalk.ts';
import { plantDefects } from '../plantDefects.ts';

/** How much later than it could a server listens, in its own time. */
async function startMs(...defects: string[]): Promise<number> {
  const clock = new ManualClock();
  const world = { clock, seed: 1, aiUrl: '', tenantIds: [] };
  const { beforeListening } = plantDefects(defects, {} as Services, world);
  await clock.runUntil(beforeListening(createServer()));
  return clock.monotonicMs();
}

test('slow-start listens two seconds late', async () => {
  assert.equal(await startMs('slow-start'), 2_000);
  assert.equal(await startMs(), 0);
});

test('cold-connections makes the first request of each connection wait', async () => {
  const clock = new ManualClock();
  const app = idleService(['cold-connections'], clock);
  const waitMs = async (socket: object): Promise<number> => {
    const startMs = clock.monotonicMs();
    await clock.runUntil(Promise.resolve(app.request('/', {}, { incoming: { socket } })));
    return clock.monotonicMs() - startMs;
  };
  const [one, other] = [{}, {}];
  assert.deepEqual(
    [await waitMs(one), await waitMs(one), await waitMs(other), await waitMs(one)],
    [100, 0, 100, 0],
  );
});

test('cold-connections keeps no connection alive, the clean service does', async () => {
  const connection = async (...defects: string[]): Promise<string | null> => {
    await using salestalk = await testSalestalk({ defects });
    const answer = await salestalk.post('/classify', { question: 'What is Q3 revenue?' });
    assert.equal(answer.status, 200);
    await answer.arrayBuffer();
    return answer.headers.get('Connection');
  };
  assert.equal(await connection('cold-connections'), 'close');
  assert.notEqual(await connection(), 'close');
});

test('api-leak keeps 5 KB of each request', async () => {
  const collect = collectGarbage();
  const requests = 1_000;
  const leftBytes = async (...defects: string[]): Promise<number> => {
    const app = idleService(defects, new ManualClock());
    const ask = async (): Promise<void> => {
      for (let index = 0; index < requests; index += 1) await app.request('/');
    };
    await ask();
    collect();
    const before = process.memoryUsage().heapUsed;
    await ask();
    collect();
    return (process.memoryUsage().heapUsed - before) / requests;
  };
  const clean = await leftBytes();
  assert.ok(clean < 512, `${clean} bytes a request`);
  const leaked = await leftBytes('api-leak');
  assert.ok(Math.abs(leaked / 5_120 - 1) < 0.1, `${leaked} bytes a request`);
});
