import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type http2 from 'node:http2';
import type { TestContext } from 'node:test';
import type { Behaviour } from './behaviour/behaviours.ts';
import type { JournalEntry } from './journal/call.ts';
import { PROVIDERS, type ProviderName } from './providers/providers.ts';
import { startAiMock } from './startAiMock.ts';

export type TestMock = Awaited<ReturnType<typeof testMock>>;

/** Starts a mock in this process on free ports, with a scope for the test, and stops it when the test ends. */
export async function testMock(context: TestContext) {
  const token = 'token-of-the-test';
  const mock = await startAiMock({
    host: '127.0.0.1',
    port: 0,
    controlPort: 0,
    controlToken: token,
    controlName: null,
    defaults: { seed: 1, behaviours: [] },
  });
  context.after(mock.stop);
  const { url, controlUrl } = mock;
  assert.ok(controlUrl !== null);
  const scope = randomBytes(4).toString('hex');
  /** The headers that open the control listener. */
  const auth = { authorization: `Bearer ${token}` };
  const read = async (path: string): Promise<string> =>
    (await fetch(controlUrl + path, { headers: auth })).text();

  const behave = async (behaviours: Behaviour[], seed = 1): Promise<void> => {
    const response = await fetch(`${controlUrl}/scopes/${scope}`, {
      method: 'PUT',
      headers: auth,
      body: JSON.stringify({ seed, behaviours }),
    });
    assert.equal(response.status, 200, await response.text());
  };
  /** The scope's journal once it holds this number of calls; each ends soon after its client has seen the end. */
  const journal = (calls: number): Promise<JournalEntry[]> =>
    until(async () => {
      const lines = (await read(`/scopes/${scope}/journal`)).split('\n').filter(Boolean);
      return lines.length >= calls ? lines.map((line) => JSON.parse(line)) : null;
    }, `${calls} calls in the journal`);
  /** Resolves once this number of calls is in flight. */
  const inFlight = (calls: number): Promise<true> =>
    until(
      async () => JSON.parse(await read('/status')).inFlight === calls || null,
      `${calls} calls in flight`,
    );
  /** A classification prompt that carries the nonce of a request. */
  const prompt = (index: number, question = 'What is Q3 revenue?'): string =>
    `Classify the question. Answer with one JSON object.\nQuestion: ${question} [ref:${scope}-${index}]`;

  await behave([]);
  return { url, controlUrl, scope, auth, behave, inFlight, journal, prompt };
}

const TRIES = 1000;

/** Asks every 10 ms until the answer is not `null`. */
async function until<Answer>(ask: () => Promise<Answer | null>, what: string): Promise<Answer> {
  for (let tries = 0; tries < TRIES; tries++) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return assert.fail(`waited in vain for ${what}`);
}

/** One way to call the model. */
export type Route = { provider: ProviderName; streamed: boolean };

/** Every way to call the model, with a name for a test's title. */
export const ROUTES: readonly (Route & { name: string })[] = [
  { provider: 'ollama', streamed: false, name: 'Ollama' },
  { provider: 'ollama', streamed: true, name: 'Ollama, streamed' },
  { provider: 'bedrock', streamed: false, name: 'Bedrock' },
  { provider: 'bedrock', streamed: true, name: 'Bedrock, streamed' },
];

/** What a client saw of a call. `ending`: 'complete', 'cut short' without an error, 'reset', 'refused', or 'left' by the client. */
type Seen = {
  status: number | null;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  sizeBytes: number;
  /** How many times something of the body arrived. */
  arrivals: number;
  ending: string;
};

const ENDINGS: Record<string, string> = { ECONNRESET: 'reset', ECONNREFUSED: 'refused' };

/** Path and body of a call. */
export function exampleRequest({ provider, streamed }: Route, prompt: string) {
  return PROVIDERS[provider].exampleCall(prompt, streamed);
}

/** Calls over a connection of its own. The client leaves when the signal aborts. */
export function callOverHttp1(
  url: string,
  { path, body }: { path: string; body: string },
  signal?: AbortSignal,
): Promise<Seen> {
  return new Promise((resolve) => {
    const seen = nothingSeen();
    const end = (ending: string) => resolve({ ...seen, ending });
    const request = http.request(url + path, { method: 'POST', agent: false, signal });
    request.on('response', (response) => {
      seen.status = response.statusCode ?? null;
      seen.headers = response.headers;
      response.on('data', (bytes: Buffer) => note(seen, bytes));
      response.on('end', () => end('complete'));
      response.on('error', () => setImmediate(() => end(signal?.aborted ? 'left' : ending)));
    });
    // Node's client reports an early end as a reset too; the errors of its socket tell them apart.
    let ending = 'cut short';
    request.on('socket', (socket) =>
      socket.on('error', ({ code }: NodeJS.ErrnoException) => {
        ending = ENDINGS[code ?? ''] ?? String(code);
      }),
    );
    request.on('error', () => setImmediate(() => end(signal?.aborted ? 'left' : ending)));
    request.end(body);
  });
}

/** Calls over HTTP/2 with prior knowledge. */
export function callOverHttp2(
  session: http2.ClientHttp2Session,
  { path, body }: { path: string; body: string },
): Promise<Seen> {
  return new Promise((resolve) => {
    const seen = nothingSeen();
    const stream = session.request({ ':method': 'POST', ':path': path });
    stream.on('response', (headers) => {
      seen.status = headers[':status'] ?? null;
      seen.headers = { ...headers } as Seen['headers'];
    });
    stream.on('data', (bytes: Buffer) => note(seen, bytes));
    stream.on('end', () => resolve({ ...seen, ending: 'complete' }));
    stream.on('error', () => resolve({ ...seen, ending: 'reset' }));
    // A lost connection need not be an error of its streams.
    stream.on('close', () => resolve({ ...seen, ending: 'reset' }));
    stream.end(body);
  });
}

function nothingSeen(): Seen {
  return { status: null, headers: {}, body: '', sizeBytes: 0, arrivals: 0, ending: '' };
}

// Bytes as characters: an event stream is not UTF-8.
function note(seen: Seen, bytes: Buffer): void {
  seen.body += bytes.toString('latin1');
  seen.sizeBytes += bytes.length;
  seen.arrivals += 1;
}

/** The text that the model wrote, as far as it arrived. */
export function readAnswerText(route: Route, { body }: Seen): string {
  if (route.provider === 'ollama') {
    const lines = route.streamed ? body.trim().split('\n') : [body];
    return lines.map((line) => JSON.parse(line).response).join('');
  }
  if (!route.streamed) return JSON.parse(body).content[0].text;
  const events = [...body.matchAll(/"bytes":"([^"]*)"/g)].map(([, base64 = '']) =>
    JSON.parse(Buffer.from(base64, 'base64').toString()),
  );
  return events.map((event) => event.delta?.text ?? '').join('');
}
