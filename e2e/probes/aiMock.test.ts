import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { AiMockControl } from './aiMock.ts';
import {
  answerEndlessly,
  closedPort,
  fakeServer,
  readText,
  sendJson,
} from './testing/fakeServer.ts';

const TOKEN = 'a-token-that-no-error-shows';
const STATUS = { name: 'ai-mock', version: 1, uptimeMs: 1 };
const ENTRY = {
  seq: 1,
  scope: '5f3a9c1e',
  index: 0,
  provider: 'ollama',
  kind: 'classification',
  matchedBy: 'nonce',
  promptTokens: 100,
  answerTokens: 10,
  attempt: 1,
  arrivedAtMs: 1_800_000_000_000,
  firstByteAtMs: null,
  lastByteAtMs: 1_800_000_000_350,
  abortedAtMs: null,
  brokenOffAtMs: null,
  status: 200,
  lateMs: 0.2,
  expired: false,
  fault: null,
  retryAfterMs: null,
};
const { seq: _, ...ENDED } = ENTRY;
const OPEN = { ...ENDED, lastByteAtMs: null, status: null, lateMs: null, fault: 'hang' };

/** The message of the error of `act` against a mock with this listener, or null. */
async function controlError(
  listener: RequestListener,
  act: (control: AiMockControl) => Promise<unknown>,
): Promise<string | null> {
  await using server = await fakeServer(listener);
  try {
    await act(new AiMockControl(server.url, TOKEN));
    return null;
  } catch (error) {
    const { name, message } = error as Error;
    assert.equal(name, 'HarnessError');
    assert.ok(!message.includes(TOKEN));
    return message.replaceAll(server.url, 'URL');
  }
}

const answering =
  (status: number, body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(body);

function failed(found: string): string {
  return [
    'AI_MOCK_FAILED: The AI mock could not be controlled, so what the model did is not known.',
    '  file     URL',
    `  found    ${found}`,
    "  expected the AI mock's control listener, with the token it was started with",
    '  remedy   Check AI_MOCK_CONTROL_URL and AI_MOCK_CONTROL_TOKEN. Or set AI_MOCK_PORT instead of them: a mock is then started there, for the deployment to be pointed at.',
  ].join('\n');
}

test('sends each command with the token', async () => {
  const seen: string[] = [];
  const listener: RequestListener = async (request, response) => {
    const { method, url, headers } = request;
    seen.push(`${method} ${url} ${headers.authorization === `Bearer ${TOKEN}`}`);
    const body = await readText(request);
    if (body !== '') seen.push(body);
    if (method === 'DELETE') response.writeHead(204).end();
    else sendJson(response, 200, STATUS);
  };
  await using server = await fakeServer(listener);
  const control = new AiMockControl(`${server.url}/`, TOKEN);
  await control.check();
  await control.setBehaviours('5f3a9c1e', -7, [
    { latency: { distribution: 'constant', ms: 5 } },
    {
      match: { attempts: { first: 2 } },
      fault: { kind: 'rateLimit', retryAfter: { date: { inSeconds: 1 } } },
      answer: { kind: 'huge', sizeBytes: 9 },
    },
  ]);
  await control.renew('5f3a9c1e');
  await control.forget('5f3a9c1e');
  assert.deepEqual(seen, [
    'GET /status true',
    'PUT /scopes/5f3a9c1e true',
    '{"seed":-7,"behaviours":[{"latency":{"distribution":"constant","ms":5}},' +
      '{"match":{"attempts":{"first":2}},"fault":{"kind":"rateLimit","retryAfter":' +
      '{"date":{"inSeconds":1}}},"answer":{"kind":"huge","sizeBytes":9}}]}',
    'POST /scopes/5f3a9c1e/renew true',
    'DELETE /scopes/5f3a9c1e true',
  ]);
});

test('reads the journal', async () => {
  const lines = [ENTRY, { ...ENTRY, seq: 2, scope: null, index: null, matchedBy: null }];
  const paths: unknown[] = [];
  await using server = await fakeServer(({ url }, response) => {
    paths.push(url);
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  const entries = await new AiMockControl(server.url, TOKEN).journal('5f3a9c1e', 17);
  assert.deepEqual(paths, ['/scopes/5f3a9c1e/journal?after=17']);
  assert.deepEqual(
    entries.map(({ seq, index, lastByteAtMs }) => [seq, index, lastByteAtMs]),
    [
      [1, 0, 1_800_000_000_350],
      [2, null, 1_800_000_000_350],
    ],
  );
});

test('an unreadable journal is an error, not a model without calls', async () => {
  for (const line of [
    'not JSON',
    '{}',
    JSON.stringify({ ...ENTRY, attempt: 0 }),
    JSON.stringify({ ...ENTRY, arrivedAtMs: null }),
    JSON.stringify({ ...ENTRY, retryAfterMs: -1 }),
    JSON.stringify(OPEN),
  ])
    assert.equal(
      await controlError(answering(200, `${JSON.stringify(ENTRY)}\n${line}\n`), (control) =>
        control.journal('5f3a9c1e', 0),
      ),
      failed(`a journal with the line ${JSON.stringify(line.slice(0, 200))}`),
    );
});

test('reads which calls are open', async () => {
  const paths: unknown[] = [];
  await using server = await fakeServer(({ url }, response) => {
    paths.push(url);
    response.end(`${JSON.stringify(OPEN)}\n`);
  });
  const [call, ...others] = await new AiMockControl(server.url, TOKEN).open('5f3a9c1e');
  assert.deepEqual([paths, others], [['/scopes/5f3a9c1e/open'], []]);
  assert.deepEqual([call?.index, call?.fault, call?.lastByteAtMs], [0, 'hang', null]);
  assert.equal(
    await controlError(answering(200, '{}\n'), (control) => control.open('5f3a9c1e')),
    failed('a list of open calls with the line "{}"'),
  );
});

test('has connections refused and returns the end', async () => {
  const bodies: string[] = [];
  await using server = await fakeServer(async (request, response) => {
    bodies.push(`${request.method} ${request.url} ${await readText(request)}`);
    sendJson(response, 200, { refusedUntil: '2027-01-15T08:00:05.250Z' });
  });
  const until = await new AiMockControl(server.url, TOKEN).refuse(5_000);
  assert.deepEqual(until, { refusedUntilMs: Date.UTC(2027, 0, 15, 8, 0, 5, 250) });
  assert.deepEqual(bodies, ['POST /listener/refuse {"forMs":5000}']);
  for (const body of ['{}', '{"refusedUntil":"soon"}'])
    assert.equal(
      await controlError(answering(200, body), (control) => control.refuse(1)),
      failed(`${JSON.stringify(body)} in answer to POST /listener/refuse`),
    );
});

test('a server that is no AI mock of this version is an error', async () => {
  for (const body of ['<html>\u001b[2J', '{}', JSON.stringify({ ...STATUS, version: 2 })])
    assert.equal(
      await controlError(answering(200, body), (control) => control.check()),
      failed(`${JSON.stringify(body)}, which is no AI mock of version 1`),
    );
});

test('a refusal is an error with its text', async () => {
  assert.equal(
    await controlError(answering(401, '{"error":"UNAUTHORIZED"}'), (control) => control.check()),
    failed('GET /status: 401 "{\\"error\\":\\"UNAUTHORIZED\\"}"'),
  );
  assert.equal(
    await controlError(answering(404, 'no such scope'), (control) => control.renew('5f3a9c1e')),
    failed('POST /scopes/5f3a9c1e/renew: 404 "no such scope"'),
  );
});

test('a broken answer, a redirect and a closed port are errors', async () => {
  const breaksOff: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    setTimeout(() => response.destroy(), 5);
  };
  const redirects: RequestListener = ({ url }, response) => {
    if (url === '/elsewhere') return sendJson(response, 200, STATUS);
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  for (const listener of [breaksOff, redirects]) {
    const message = await controlError(listener, (control) => control.check());
    assert.match(message ?? '', /^ {2}found {4}GET \/status: \S/m);
  }
  const control = new AiMockControl(`http://127.0.0.1:${await closedPort()}`, TOKEN);
  await assert.rejects(control.check(), {
    code: 'AI_MOCK_FAILED',
    message: /found {4}GET \/status: .*(ECONNREFUSED|refused)/,
  });
});

test('an answer that never ends is an error', async () => {
  const message = await controlError(answerEndlessly, (control) => control.check());
  assert.match(message ?? '', /UND_ERR_RES_EXCEEDED_MAX_SIZE/);
});
