import { Buffer } from 'node:buffer';
import type { NodeBindings } from './serveBothProtocols.ts';

/** About a thousand times as much as a prompt. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

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
