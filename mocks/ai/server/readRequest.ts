import { Buffer } from 'node:buffer';
import type { NodeBindings } from './serveBothProtocols.ts';

/** A prompt holds a few thousand characters; this is a thousand times as much. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * A request's body once it has ended, or `null` as soon as it is too large; the rest is thrown away then. When a client leaves
 * in the middle, HTTP/2 ends the body there, and HTTP/1.1 never does.
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

// The handlers match any host, so the client's own, which may be invalid, is not used.
const ORIGIN = 'http://ai-mock';

/** What Node has read as a `Request` of the Fetch API. `null` where that knows no such request: of the method TRACE, or with a user in its URL. */
export function toFetchRequest(
  incoming: Pick<NodeBindings['incoming'], 'method' | 'url' | 'headers'>,
  body: Buffer<ArrayBuffer>,
): Request | null {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = body.byteLength > 0 && method !== 'GET' && method !== 'HEAD';
  const fields = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    // HTTP/2 has its pseudo-headers among the others.
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
