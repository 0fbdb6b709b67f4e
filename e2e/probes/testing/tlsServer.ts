import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { makeAuthority, makeServerCertificate } from './makeCertificate.ts';

/** A server with a certificate of a private authority, on a free port of this machine. */
export type TlsServer = AsyncDisposable & {
  url: string;
  port: number;
  /** The authority's certificate, as NODE_EXTRA_CA_CERTS takes it. */
  authorityFile: string;
  /** Connections so far that agreed on TLS. */
  connections: () => number;
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves HTTP/1.1, HTTP/2 or both, with a certificate for `host`, or for this machine if that is null. */
export async function tlsServer(
  listener: Listener,
  speaks: '1.1' | '2' | 'both' = 'both',
  host: string | null = null,
): Promise<TlsServer> {
  const authority = makeAuthority('Test private CA');
  const { cert, key } = makeServerCertificate(authority, host);
  const server =
    speaks === '1.1'
      ? https.createServer({ cert, key }, listener)
      : http2.createSecureServer({ cert, key, allowHTTP1: speaks === 'both' }, listener as never);
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('secureConnection', () => {
    connections += 1;
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  // Tests include clients that break off or speak another protocol.
  server.on('tlsClientError', () => undefined).on('sessionError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tls-server-'));
  const authorityFile = path.join(folder, 'private-ca.pem');
  writeFileSync(authorityFile, authority.cert);
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    authorityFile,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs `use` with NODE_EXTRA_CA_CERTS set to `file`, or unset where it is null. */
export async function withAuthorities<T>(file: string | null, use: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_EXTRA_CA_CERTS;
  setAuthorities(file ?? undefined);
  try {
    return await use();
  } finally {
    setAuthorities(before);
  }
}

function setAuthorities(file: string | undefined): void {
  if (file === undefined) delete process.env.NODE_EXTRA_CA_CERTS;
  else process.env.NODE_EXTRA_CA_CERTS = file;
}
