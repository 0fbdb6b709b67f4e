import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { ApiClient } from '../../salestalk/apiClient.ts';
import {
  chatBody,
  classifyBody,
  errorBody,
  streamEvents,
} from '../../salestalk/testing/exchanges.ts';
import type { FakeAsked } from '../../testing/fakeSalesTalk.ts';
import { countBy, WORKLOAD, withFakes } from '../../testing/withFakes.ts';
import { runWorkload } from './measureWorkloads.ts';

const PARTS = ['eyJhbGciOiJIUzI1NiJ9', 'eyJ0ZW5hbnRJZCI6ImFjbWUifQ', 'c2lnbmF0dXJlLW9mLWFjbWU'];
const TOKEN = PARTS.join('.');

/** The same value with the token in place of each value and each key, one after the other. */
function* insertToken(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) {
    yield TOKEN;
    yield `${value} ${TOKEN}`;
    return;
  }
  for (const [key, part] of Object.entries(value)) {
    const rest = Object.entries(value).filter(([other]) => other !== key);
    for (const one of insertToken(part)) {
      yield Array.isArray(value) ? [one] : { ...value, [key]: one };
    }
    if (Array.isArray(value)) continue;
    yield { ...Object.fromEntries(rest), [TOKEN]: part };
    yield { ...value, [TOKEN]: 7 };
  }
}

type Reply = { status: number; text: string };

/** Answers with the token, by what was asked; `request-1` stands for the id of the request. */
function createReplies(): Record<'classify' | 'chat' | 'narrative', Reply[]> {
  const whole = (status: number, body: object): Reply[] =>
    [...insertToken(body)].map((one) => ({ status, text: JSON.stringify(one) }));
  const failures = [500, 502].flatMap((status) => whole(status, errorBody()));
  const texts = [TOKEN, `not JSON ${TOKEN}`, `{"type":"${TOKEN}"}`, `${'x'.repeat(60)}${TOKEN}`];
  const raw = [200, 502, 503].flatMap((status) => texts.map((text) => ({ status, text })));
  const events = streamEvents().map((event) => JSON.stringify(event));
  const streamed = streamEvents().flatMap((event, at) =>
    [...insertToken(event), TOKEN, { type: 'error', ...errorBody(), message: TOKEN }].map(
      (one) => ({
        status: 200,
        text: events.with(at, typeof one === 'string' ? one : JSON.stringify(one)).join('\n'),
      }),
    ),
  );
  return {
    classify: [...whole(200, classifyBody()), ...failures, ...raw],
    chat: [...whole(200, chatBody()), ...failures, ...raw],
    narrative: [...streamed, ...failures, ...raw],
  };
}

test('no token in an answer reaches the record', async () => {
  const all = createReplies();
  const next = { classify: 0, chat: 0, narrative: 0 };
  const requests = {
    classify: all.classify.length,
    chat: all.chat.length,
    narrative: all.narrative.length,
    foreignSession: 30,
  };
  const instead = ({ path: asked }: FakeAsked, response: ServerResponse): boolean => {
    const isStream = response.req.headers.accept === 'application/x-ndjson';
    const kind = asked === '/classify' ? 'classify' : isStream ? 'narrative' : 'chat';
    const at = next[kind]++ % all[kind].length;
    const { status, text } = all[kind][at] as Reply;
    const requestId = String(response.req.headers['x-request-id']);
    response.writeHead(status, { 'x-token': TOKEN, location: `/${TOKEN}` });
    response.end(text.replaceAll('request-1', requestId));
    return true;
  };
  await withFakes({ instead }, async ({ context, salestalk }) => {
    const api = new ApiClient({ url: salestalk.url, tokenOf: () => TOKEN });
    // Under a fault failures do not end a workload.
    const workload = { ...WORKLOAD, fault: 'leaky', requests, warmUpEach: 0 };
    try {
      await runWorkload(workload, { ...context, api, aiMock: null });
    } finally {
      await api.close();
    }
    const { requests: recorded } = context.record.read();
    const planned = Object.values(requests).reduce((sum, count) => sum + count, 0);
    assert.equal(recorded.length, planned);
    // Many kinds of failure, or the test would show little.
    const failures = countBy(recorded, ({ failure }) => failure ?? 'answered');
    const objections = countBy(recorded, ({ objection }) => objection ?? 'none');
    assert.ok(Object.keys(failures).length >= 15, JSON.stringify(failures));
    assert.ok((failures.answered as number) >= 50, JSON.stringify(failures));
    assert.ok(Object.keys(objections).length >= 10, JSON.stringify(objections));
    const text = readFileSync(context.run.recordFile, 'utf8');
    for (const secret of [TOKEN, ...PARTS])
      assert.equal(
        text.indexOf(secret),
        -1,
        text.slice(Math.max(text.indexOf(secret) - 300, 0)).slice(0, 400),
      );
  });
});
