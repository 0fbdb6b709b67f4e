import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { EventStreamCodec } from '@smithy/eventstream-codec';

type BedrockCall = { path: string; traceparent: string | undefined; prompt: string };

/** How a stream ends; `silence` does not. */
type StreamEnd = 'message_stop' | 'throttlingException' | 'nothing' | 'silence';

type BedrockReply =
  | { text: string }
  | { chunks: string[]; endsWith?: StreamEnd }
  | { status: number; type: string; retryAfter?: string }
  | { hang: true };

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (words) => Buffer.from(words, 'utf8'),
);
const string = (value: string) => ({ type: 'string', value }) as const;

function frame(kind: 'event' | 'exception', type: string, body: object): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': string(kind),
      [`:${kind}-type`]: string(type),
      ':content-type': string('application/json'),
    },
    body: Buffer.from(JSON.stringify(body)),
  });
}

const eventFrame = (event: object): Uint8Array =>
  frame('event', 'chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') });

/** A real HTTP server that speaks as much of Bedrock's protocol as the tests need. */
export async function startFakeBedrock() {
  const calls: BedrockCall[] = [];
  let replies: { whole: BedrockReply; streamed: BedrockReply } | null = null;
  let hangUp = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) hangUp.resolve();
    });
    const body = JSON.parse(await text(request));
    calls.push({
      path: decodeURIComponent(request.url ?? ''),
      traceparent: request.headers.traceparent?.toString(),
      prompt: body.messages[0].content[0].text,
    });
    const isWhole = request.url?.endsWith('/invoke');
    const reply = isWhole ? replies?.whole : replies?.streamed;
    if (reply === undefined || 'hang' in reply) return;
    if ('status' in reply) {
      const retryAfter = reply.retryAfter === undefined ? {} : { 'Retry-After': reply.retryAfter };
      response.writeHead(reply.status, { 'x-amzn-ErrorType': reply.type, ...retryAfter });
      response.end(JSON.stringify({ message: 'no' }));
    } else if ('text' in reply) {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ content: [{ type: 'text', text: reply.text }] }));
    } else {
      response.writeHead(200, { 'Content-Type': 'application/vnd.amazon.eventstream' });
      response.write(eventFrame({ type: 'message_start', message: {} }));
      for (const words of reply.chunks) {
        const delta = { type: 'text_delta', text: words };
        response.write(eventFrame({ type: 'content_block_delta', index: 0, delta }));
      }
      const end = reply.endsWith ?? 'message_stop';
      if (end === 'message_stop') response.write(eventFrame({ type: 'message_stop' }));
      if (end === 'throttlingException') response.write(frame('exception', end, { message: 'no' }));
      if (end !== 'silence') response.end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** Resolves when the other side hangs up before an answer is complete. */
    hungUp: (): Promise<void> => hangUp.promise,
    /** How calls are answered from now on, streamed ones in another way if there is one. */
    answer(whole: BedrockReply, streamed = whole): void {
      replies = { whole, streamed };
      hangUp = Promise.withResolvers();
      calls.length = 0;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
