import { Buffer } from 'node:buffer';
import http from 'node:http';
import type http2 from 'node:http2';
import type { Provider } from './callKinds.ts';

/** One way to call the model. */
export type Route = { provider: Provider; streamed: boolean };

/** Every way to call the model, with a name for a test's title. */
export const ROUTES: readonly (Route & { name: string })[] = [
  { provider: 'ollama', streamed: false, name: 'Ollama' },
  { provider: 'ollama', streamed: true, name: 'Ollama, streamed' },
  { provider: 'bedrock', streamed: false, name: 'Bedrock' },
  { provider: 'bedrock', streamed: true, name: 'Bedrock, streamed' },
];

/** What a client saw of a call. `ending`: 'complete', 'cut short' without an error, 'reset', 'refused', or 'left' by itself. */
export type Seen = {
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
export function requestOf(route: Route, prompt: string): { path: string; body: string } {
  if (route.provider === 'ollama')
    return {
      path: '/api/generate',
      body: JSON.stringify({ model: 'm', prompt, stream: route.streamed }),
    };
  return {
    path: `/model/m/invoke${route.streamed ? '-with-response-stream' : ''}`,
    body: JSON.stringify({ messages: [{ role: 'user', content: prompt }] }),
  };
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
    const request = http.request(url + path, {
      method: 'POST',
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    });
    request.on('response', (response) => {
      seen.status = response.statusCode ?? null;
      seen.headers = response.headers;
      response.on('data', (bytes: Buffer) => note(seen, bytes));
      response.on('end', () => end('complete'));
      response.on('error', () => setImmediate(() => end(signal?.aborted ? 'left' : ending)));
    });
    // Node's client calls a mere end a reset too; its socket knows better.
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
    // Not each loss of a connection is an error of its streams.
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
export function textOf(route: Route, { body }: Seen): string {
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
