import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakeBedrock } from '../testing/fakeBedrock.ts';
import { classificationText, goodModel } from '../testing/fakeOllama.ts';
import {
  STREAM_HEADERS,
  type TestSalestalk,
  testSalestalk,
  until,
} from '../testing/testSalestalk.ts';
import { TODAY_POLICY } from './ai/attemptRules.ts';

test('health needs no token', async () => {
  await using salestalk = await testSalestalk();
  const response = await fetch(`${salestalk.url}/health`);
  assert.equal(response.status, 200);
  const { version, ...body } = await response.json();
  assert.deepEqual(body, { status: 'ok', service: 'salestalk' });
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal((await fetch(`${salestalk.url}/health`, { method: 'HEAD' })).status, 200);
});

test('metrics are OpenMetrics text, without values that cannot be measured', async () => {
  await using salestalk = await testSalestalk();
  await salestalk.post('/classify', { question: 'What is Q3 revenue?' });
  await salestalk.post('/chat', {});
  await fetch(`${salestalk.url}/some/${'long/'.repeat(9)}path`);
  const response = await fetch(`${salestalk.url}/metrics`);
  assert.match(
    response.headers.get('Content-Type') ?? '',
    /^application\/openmetrics-text; version=1\.0\.0/,
  );
  const text = await response.text();
  assert.ok(text.endsWith('# EOF\n'));
  const sample = (name: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  for (const name of [
    'process_resident_memory_bytes',
    'nodejs_heap_size_used_bytes',
    'process_cpu_seconds_total',
  ]) {
    assert.ok(sample(name) > 0, name);
  }
  assert.equal(sample('salestalk_requests_in_flight'), 0);
  assert.equal(sample('salestalk_requests_total{route="/classify",status="200"}'), 1);
  assert.equal(sample('salestalk_requests_total{route="/chat",status="400"}'), 1);
  assert.equal(sample('salestalk_requests_total{route="other",status="404"}'), 1);
  const delays = text.match(/^nodejs_eventloop_delay_seconds\{/gm)?.length ?? 0;
  if (process.versions.deno !== undefined) assert.equal(delays, 0);
});

test('requests in flight are those whose answers have not ended', async () => {
  await using salestalk = await testSalestalk();
  salestalk.ollama.answer(() => ({ hang: true }));
  const caller = new AbortController();
  const { signal } = caller;
  const asked = [1, 2, 3].map(() => salestalk.post('/classify', { question: 'q' }, { signal }));
  await until(() => salestalk.ollama.calls.length === 3);
  const metrics = await (await fetch(`${salestalk.url}/metrics`)).text();
  assert.match(metrics, /^salestalk_requests_in_flight 3$/m);
  caller.abort();
  await Promise.allSettled(asked);
});

test('the page is at the root, and offers demo workspaces only with demo sign-in', async () => {
  await using plain = await testSalestalk();
  assert.match((await fetch(plain.url)).headers.get('Content-Type') ?? '', /^text\/html/);
  assert.deepEqual(await (await fetch(`${plain.url}/config.json`)).json(), { demoWorkspaces: [] });

  await using demo = await testSalestalk({ demoSignIn: true });
  const { demoWorkspaces } = await (await fetch(`${demo.url}/config.json`)).json();
  assert.deepEqual(demoWorkspaces.slice(0, 3), [
    'acme-corp-001',
    'techstart-inc-002',
    'tenant-0001',
  ]);
});

test('a demo token opens its workspace, and unknown workspaces get none', async () => {
  await using salestalk = await testSalestalk({ demoSignIn: true });
  const { token } = await (await salestalk.post('/demo/token', { tenantId: 'tenant-0002' })).json();
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await salestalk.post('/classify', { question: 'q' }, { headers });
  assert.equal((await answer.json()).tenantId, 'tenant-0002');
  for (const tenantId of ['stranger', 7, undefined]) {
    assert.equal((await salestalk.post('/demo/token', { tenantId })).status, 400);
  }
});

const message = 'What is Q3 revenue?';
const limit = { timeout: 10_000 };

/** Asks, leaves once `isTime`, and asserts that no answer comes. */
async function askAndLeave(
  salestalk: TestSalestalk,
  isTime: () => boolean,
  ask: { path: string; headers?: Record<string, string> },
): Promise<void> {
  const caller = new AbortController();
  const init = { signal: caller.signal, headers: ask.headers ?? {} };
  const body = { message, question: message };
  const read = salestalk.post(ask.path, body, init).then((response) => response.text());
  await until(isTime);
  caller.abort();
  await assert.rejects(read);
}

// Today's SalesTalk has no time-out: only the caller can have ended a call.
test('a caller that leaves a classification ends its model call', limit, async () => {
  await using salestalk = await testSalestalk({ policy: TODAY_POLICY });
  const { ollama } = salestalk;
  ollama.answer(() => ({ hang: true }));
  for (const ask of [
    { path: '/classify' },
    { path: '/chat' },
    { path: '/chat', headers: STREAM_HEADERS },
  ]) {
    ollama.calls.length = 0;
    await askAndLeave(salestalk, () => ollama.calls.length > 0, ask);
    await ollama.calls[0]?.aborted;
  }
});

for (const [form, headers] of [
  ['streamed', STREAM_HEADERS],
  ['whole', {}],
] as const) {
  test(
    `a caller that leaves during a ${form} narrative ends its model call, and counts as 499`,
    limit,
    async () => {
      await using salestalk = await testSalestalk({ policy: TODAY_POLICY });
      const { ollama } = salestalk;
      ollama.answer((call, n) => {
        if (n === 1) return goodModel(call);
        return call.stream ? { chunks: ['Revenue'], silent: true } : { hang: true };
      });
      await askAndLeave(salestalk, () => ollama.calls.length > 1, { path: '/chat', headers });
      await ollama.calls[1]?.aborted;
      const metrics = await (await fetch(`${salestalk.url}/metrics`)).text();
      assert.match(metrics, /^salestalk_requests_in_flight 0$/m);
      assert.match(metrics, /^salestalk_requests_total\{route="\/chat",status="499"\} 1$/m);
    },
  );
}

test('a caller that leaves ends a call of Bedrock, whole or streamed', limit, async () => {
  const bedrock = await startFakeBedrock();
  await using salestalk = await testSalestalk({
    policy: TODAY_POLICY,
    ai: { provider: 'bedrock', endpoint: bedrock.url, region: 'r', modelId: 'm' },
  });
  bedrock.answer({ hang: true });
  await askAndLeave(salestalk, () => bedrock.calls.length > 0, { path: '/classify' });
  await bedrock.hungUp();

  bedrock.answer({ text: classificationText() }, { chunks: ['Revenue'], endsWith: 'silence' });
  const isStreaming = () => bedrock.calls.length > 1;
  await askAndLeave(salestalk, isStreaming, { path: '/chat', headers: STREAM_HEADERS });
  await bedrock.hungUp();
  await bedrock.close();
});
