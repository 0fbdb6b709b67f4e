import { Buffer } from 'node:buffer';
import { setTimeout } from 'node:timers';
import { type HttpHandler, HttpResponse } from 'msw/http';
import { getResponse } from 'msw/utils/get-response';
import { createAiModel, type DefaultModel } from '../aiModel.ts';
import type { Scopes } from '../behaviour/scopes.ts';
import { epochMs } from '../clock.ts';
import { type Call, newCall, trackCall } from '../journal/call.ts';
import type { CallLog } from '../journal/journal.ts';
import { PROVIDERS } from '../providers/providers.ts';
import { sendResponse } from './sendResponse.ts';
import type { NodeBindings, RequestListener } from './serveBothProtocols.ts';

export function modelListener(options: {
  scopes: Scopes;
  log: CallLog;
  defaults: DefaultModel;
  isRefusing: () => boolean;
  host: string;
}): RequestListener {
  const model = createAiModel(options);
  const handlers = Object.values(PROVIDERS).flatMap((provider) => provider.handlers(model));
  return serveHandlers({ ...options, handlers, isOwnHost: matchOwnHosts(options.host) });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * On loopback the mock answers to names of loopback alone, since a web page that resolves its own name to 127.0.0.1 sends that name.
 * On other addresses it answers to any name: it cannot know its own.
 */
function matchOwnHosts(listening: string): (host: string | undefined) => boolean {
  if (!LOOPBACK.test(listening)) return () => true;
  return (host) => host !== undefined && LOOPBACK.test(host.replace(/:\d+$/, ''));
}

/** About a thousand times as much as a prompt. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const TOO_LARGE = `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MiB.`;
const FAILED = 'The AI mock failed; its standard error says why.';

/** How long a client that is still sending can read why its request was refused. */
const REFUSAL_READ_MS = 1_000;

/**
 * Answers HTTP requests with MSW handlers and logs each model call when it ends: complete, broken off, or left by its client.
 * `isRefusing`: is the mock closing its connections? `isOwnHost`: does it answer to this Host header or `:authority`?
 */
export function serveHandlers(options: {
  handlers: HttpHandler[];
  log: CallLog;
  isRefusing: () => boolean;
  isOwnHost: (host: string | undefined) => boolean;
}): RequestListener {
  const { handlers, log, isRefusing, isOwnHost } = options;

  return (incoming, outgoing) => {
    const env = { incoming, outgoing };
    const call = newCall(epochMs());
    let isEnded = false;
    const end = (): void => {
      if (!isEnded) log.ended(call);
      isEnded = true;
    };
    outgoing.once('close', () => {
      if (isEnded) return;
      if (isRefusing()) markRefused(call);
      else call.abortedAtMs = epochMs();
      end();
    });
    // A failure of one call must not end the process, and with it the others.
    serve(env, call).then(end).catch(console.error);
  };

  async function serve(env: NodeBindings, call: Call): Promise<void> {
    const { headers } = env.incoming;
    const host = headers.host ?? headers[':authority']?.toString();
    if (!isOwnHost(host)) return sendRefusal(foreignHost(host), env, call);
    const body = await readBytes(env.incoming);
    if (body === null) return sendRefusal(errorResponse(413, TOO_LARGE), env, call);
    call.requestBytes = body.byteLength;
    const request = toFetchRequest(env.incoming, body);
    try {
      if (request !== null) trackCall(request, call);
      const response = request && (await getResponse(handlers, request));
      if (isOver(call)) return;
      await sendResponse(response ?? notServed(env.incoming, handlers), env, call);
    } catch (error) {
      // A client that left causes errors that are not the mock's.
      if (isOver(call)) return;
      console.error(error);
      const failed = call.status === null ? errorResponse(500, FAILED) : HttpResponse.error();
      await sendResponse(failed, env, call);
    }
  }
}

function isOver({ abortedAtMs, brokenOffAtMs }: Call): boolean {
  return abortedAtMs !== null || brokenOffAtMs !== null;
}

/** Marks a call that was in flight when the listener closed. */
function markRefused(call: Call): void {
  call.brokenOffAtMs = epochMs();
  if (call.received !== null) call.received = { ...call.received, fault: 'refuse' };
}

async function sendRefusal(response: Response, env: NodeBindings, call: Call): Promise<void> {
  await sendResponse(response, env, call);
  // A client that is still sending could not read the refusal if the connection closed at once.
  env.incoming.resume();
  setTimeout(() => env.incoming.destroy(), REFUSAL_READ_MS).unref();
}

function notServed(
  { method, url = '/' }: NodeBindings['incoming'],
  handlers: HttpHandler[],
): Response {
  const [path] = url.split('?', 1);
  const served = handlers
    .filter(({ info }) => info.method === 'POST')
    .map(({ info }) => `POST ${String(info.path).replace('*', '')}`);
  return errorResponse(
    404,
    `This AI mock does not serve ${method} ${path}. It serves ${served.join(', ')}.`,
  );
}

function foreignHost(host: string | undefined): Response {
  const found = host === undefined ? 'none' : JSON.stringify(host.slice(0, 80));
  return errorResponse(
    403,
    `Host header: found ${found}, expected localhost or an address of this machine's own. Start the mock with another --host to have it answer to any name.`,
  );
}

/** An error of the mock itself, for clients of either provider. */
function errorResponse(status: number, message: string): Response {
  return HttpResponse.json({ error: message, message }, { status });
}

/**
 * Resolves to a request's body, or to `null` as soon as it is too large; the rest is then thrown away. When a client leaves
 * in the middle, HTTP/2 ends the body there, and HTTP/1.1 never ends it.
 */
export function readBytes(incoming: NodeBindings['incoming']): Promise<Buffer<ArrayBuffer> | null> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else {
        chunks = [];
        resolve(null);
      }
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

// The handlers match any host. The client's may be invalid.
const ORIGIN = 'http://ai-mock';

/** A request of Node as one of the Fetch API. `null` for one that the Fetch API refuses: with the method TRACE, or a user in its URL. */
export function toFetchRequest(
  incoming: Pick<NodeBindings['incoming'], 'method' | 'url' | 'headers'>,
  body: Buffer<ArrayBuffer>,
): Request | null {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = body.byteLength > 0 && method !== 'GET' && method !== 'HEAD';
  const fields = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    // Among the headers of HTTP/2 are its pseudo-headers, such as `:path`.
    value === undefined || name.startsWith(':') ? [] : [[name, String(value)]],
  );
  try {
    // A client that uses a proxy sends the whole URL.
    const target = url.startsWith('/') ? ORIGIN + url : (URL.parse(url, ORIGIN)?.href ?? ORIGIN);
    return new Request(target, { method, headers: fields, body: hasBody ? body : null });
  } catch {
    return null;
  }
}
