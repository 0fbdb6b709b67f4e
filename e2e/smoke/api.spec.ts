import { expect, test } from '../fixtures.ts';
import { chatAnswer, classifyAnswer, errorAnswer, readStream } from '../salestalk/contract.ts';
import { makeExcerpt } from '../salestalk/excerpt.ts';
import { readAnswer } from './readAnswer.ts';

test.describe('API', { tag: '@smoke' }, () => {
  test.skip(({ run }) => !run.target.supports.api, 'not measured: target has no API');

  test('The API is healthy', async ({ api }) => {
    const { status } = await api.send({ method: 'GET', path: '/health' });
    expect(status).toBe(200);
  });

  test('Classify answers with the intent and the subject of a question', async ({
    api,
    tenant,
  }) => {
    const exchange = await api.send({
      method: 'POST',
      path: '/classify',
      tenant,
      headers: { 'x-request-id': 'smoke-classify' },
      body: { question: 'What is Q3 revenue?' },
    });
    expect(exchange.status).toBe(200);
    const answer = readAnswer(classifyAnswer, exchange);
    expect(answer.classification).toMatchObject({ intent: 'what', subject: 'revenue' });
    expect(answer).toMatchObject({ requestId: 'smoke-classify', tenantId: tenant });
    expect(makeExcerpt(exchange.headers['x-request-id'] ?? 'none')).toBe('smoke-classify');
  });

  test('Chat answers each tenant from its own tables', async ({ api, run }) => {
    for (const tenant of run.target.tenants) {
      const exchange = await api.send({
        method: 'POST',
        path: '/chat',
        tenant,
        body: { message: 'What is Q3 revenue?' },
      });
      const { dataReferences } = readAnswer(chatAnswer, exchange);
      const tables = new Set(dataReferences.map(({ source }) => source.table));
      expect([...tables]).toEqual([`tenant-${tenant}-metrics`]);
    }
  });

  test('Chat continues a session by its id', async ({ api, tenant }) => {
    const ask = async (body: Record<string, string>) => {
      const answer = await api.send({ method: 'POST', path: '/chat', tenant, body });
      return {
        header: makeExcerpt(answer.headers['x-session-id'] ?? 'none'),
        ...readAnswer(chatAnswer, answer),
      };
    };
    const first = await ask({ message: 'What is Q3 revenue?' });
    const second = await ask({ message: 'What was revenue in Q4?', sessionId: first.sessionId });
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.header).toBe(first.sessionId);
  });

  test('A streamed answer comes in the order of the work', async ({ api, run, tenant }) => {
    test.skip(!run.target.supports.streaming, 'not measured: target does not stream its answers');
    const { chunks } = await api.send({
      method: 'POST',
      path: '/chat',
      tenant,
      headers: { accept: 'application/x-ndjson' },
      body: { message: 'What is Q3 revenue?' },
    });
    const types = readStream(chunks).map(({ event }) => makeExcerpt(event.type));
    expect(types.filter((type, at) => type !== types[at - 1])).toEqual([
      'classification_start',
      'classification_complete',
      'data_retrieval_start',
      'data_retrieval_complete',
      'narrative_start',
      'narrative_chunk',
      'complete',
    ]);
  });

  for (const [what, body] of [
    ['a body without a question', {}],
    ['a question that is not text', { question: 7 }],
    ['a blank question', { question: '   ' }],
    ['a question of more than 10,000 characters', { question: 'x'.repeat(10_001) }],
    ['a body that is not JSON', '{'],
  ] as const) {
    test(`Classify refuses ${what}`, async ({ api, tenant }) => {
      const answer = await api.send({ method: 'POST', path: '/classify', tenant, body });
      expect(answer.status).toBe(400);
      expect(readAnswer(errorAnswer, answer).error).toBe('ValidationError');
    });
  }

  test('Classify refuses a caller without a token', async ({ api }) => {
    const body = { question: 'What is Q3 revenue?' };
    const answer = await api.send({ method: 'POST', path: '/classify', body });
    expect(answer.status).toBe(401);
    readAnswer(errorAnswer, answer);
  });

  test('The API describes itself in OpenMetrics', async ({ api, run }) => {
    test.skip(!run.target.supports.serverMetrics, 'not measured: target has no /metrics');
    const { status, headers, body } = await api.send({ method: 'GET', path: '/metrics' });
    expect(status).toBe(200);
    expect(makeExcerpt(headers['content-type'] ?? 'none')).toContain('openmetrics-text');
    expect(body.trimEnd().endsWith('# EOF')).toBe(true);
  });
});
