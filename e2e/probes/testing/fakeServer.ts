import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free port of this machine. Disposing it closes it and its connections. */
export type FakeServer = { url: string; port: number } & AsyncDisposable;

/** Serves with a listener of `node:http`. */
export async function fakeServer(listener: RequestListener): Promise<FakeServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A port of this machine where nothing listens. */
export async function closedPort(): Promise<number> {
  const server = await fakeServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}

/** Answers as fast as the client reads, until it disconnects. */
export function answerEndlessly(_: unknown, response: ServerResponse): void {
  const piece = Buffer.alloc(1024 * 1024, 'x');
  const write = (): void => {
    while (!response.destroyed && response.write(piece));
    response.once('drain', write);
  };
  write();
}

export async function readText(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
