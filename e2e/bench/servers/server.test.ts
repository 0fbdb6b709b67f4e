import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, sortSample } from '../../core/statistics/quantile.ts';
import { seededDraw } from '../../core/statistics/seededDraw.ts';
import { TimedClient } from '../../probes/httpClient.ts';
import { createDelays, type Delay } from './server.ts';
import { readLog, withServer } from './withServer.ts';

const TIMEOUT_MS = 20_000;

test('the log of the delay server has a time for each request, in the order of arrival and no longer than the client measured', async () => {
  const delay = { kind: 'bimodal', ms: 5, slowMs: 60, slowShare: 0.5 } as const;
  await withServer('delay', { delay, seed: 1 }, async ({ url }) => {
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

test('requests that arrive in a stall wait until its end, and the log has its start and end', async () => {
  await withServer('stall', { afterMs: 50, forMs: 1000 }, async ({ url }) => {
    const client = new TimedClient(url, { connections: 10 });
    const get = () =>
      client.request({ method: 'GET', path: '/', headers: {}, timeoutMs: TIMEOUT_MS });
    assert.deepEqual(await readLog(url), { beganMs: null, endedMs: null });
    const sent: ReturnType<typeof get>[] = [];
    for (let at = 0; at < 8; at++) {
      sent.push(get());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const exchanges = await Promise.all(sent);
    await client.close();
    const { beganMs, endedMs } = (await readLog(url)) as { beganMs: number; endedMs: number };
    assert.ok(beganMs >= 45 && endedMs - beganMs >= 995, `${beganMs} to ${endedMs}`);
    // Requests that arrived in it ended together, at its end.
    const held = exchanges.filter(({ endedMs: ms }) => ms > 400);
    assert.ok(held.length >= 2, `${held.length} were held`);
    const ends = held.map(({ sentAtMs, endedMs: ms }) => sentAtMs + ms);
    assert.ok(Math.max(...ends) - Math.min(...ends) < 400, `ended at ${ends}`);
  });
});

test('delays are distributed as they are described', () => {
  const drawSample = (delay: Delay) =>
    sortSample(Array.from({ length: 20_000 }, createDelays(delay, seededDraw(1))));
  const constant = drawSample({ kind: 'constant', ms: 50 });
  const logNormal = drawSample({ kind: 'logNormal', medianMs: 50, p95Ms: 150 });
  const bimodal = drawSample({ kind: 'bimodal', ms: 20, slowMs: 200, slowShare: 0.1 });
  assert.deepEqual([quantile(constant, 0.01), quantile(constant, 0.99)], [50, 50]);
  // 20,000 draws put the median within 2 % and the P95 within 3 %, at three standard errors.
  assert.ok(Math.abs(quantile(logNormal, 0.5) - 50) < 1, `${quantile(logNormal, 0.5)}`);
  assert.ok(Math.abs(quantile(logNormal, 0.95) - 150) < 5, `${quantile(logNormal, 0.95)}`);
  assert.deepEqual([quantile(bimodal, 0.89), quantile(bimodal, 0.91)], [20, 200]);
});
