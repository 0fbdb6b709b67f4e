import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimedClient } from '../../probes/httpClient.ts';
import { readLog, withServer } from '../process/withServer.ts';

const TIMEOUT_MS = 20_000;

test('the truth: one time for each request, in the order of arrival, and no longer than the client took', async () => {
  await withServer('delayServer.ts', ['--delay=bimodal:5,60,0.5', '--seed=1'], async ({ url }) => {
    const client = new TimedClient(url, { connections: 4 });
    const tookMs: (number | null)[] = [];
    for (const body of [undefined, '{"a":1}', undefined, '{}', undefined, undefined]) {
      const method = body === undefined ? 'GET' : 'POST';
      const request = { method, path: '/', headers: {}, timeoutMs: TIMEOUT_MS } as const;
      const exchange = await client.request({
        ...request,
        ...(body === undefined ? {} : { body }),
      });
      assert.deepEqual([exchange.status, exchange.body], [200, 'ok']);
      tookMs.push(exchange.durationMs);
    }
    await client.close();
    const { serviceMs } = (await readLog(url)) as { serviceMs: number[] };
    assert.equal(serviceMs.length, tookMs.length);
    for (const [at, ms] of serviceMs.entries()) assert.ok(ms <= (tookMs[at] as number), `${ms}`);
    assert.ok(serviceMs.some((ms) => ms >= 59) && serviceMs.every((ms) => ms >= 4), `${serviceMs}`);
  });
});

test('a stall holds what arrives in it until its end, and is noted', async () => {
  const args = ['--stall-after-ms=50', '--stall-ms=1000'];
  await withServer('stallServer.ts', args, async ({ url }) => {
    const client = new TimedClient(url, { connections: 10 });
    const get = () =>
      client.request({ method: 'GET', path: '/', headers: {}, timeoutMs: TIMEOUT_MS });
    assert.deepEqual(await readLog(url), { beganMs: null, endedMs: null });
    const asked: ReturnType<typeof get>[] = [];
    for (let at = 0; at < 8; at++) {
      asked.push(get());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const exchanges = await Promise.all(asked);
    await client.close();
    const { beganMs, endedMs } = (await readLog(url)) as { beganMs: number; endedMs: number };
    assert.ok(beganMs >= 45 && endedMs - beganMs >= 995, `${beganMs} to ${endedMs}`);
    // What was asked in it ended at its end, and so all at once.
    const held = exchanges.filter(({ endedMs: ms }) => ms > 400);
    assert.ok(held.length >= 2, `${held.length} were held`);
    const ends = held.map(({ sentAtMs, endedMs: ms }) => sentAtMs + ms);
    assert.ok(Math.max(...ends) - Math.min(...ends) < 400, `ended at ${ends}`);
  });
});
