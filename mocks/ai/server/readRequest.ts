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

// The handlers match any host, and one that a client made up must not keep its request from being read.
const ORIGIN = 'http://ai-mock';

/** What Node has read as a `Request` of the Fetch API. `null` where that knows no such request: of the method TRACE, or with a user in its URL. */
export function toFetchRequest(
  {
    method = 'GET',
    url = '/',
    headers,
  }: Pick<NodeBindings['incoming'], 'method' | 'url' | 'headers'>,
  body: Buffer<ArrayBuffer>,
): Request | null {
  const hasBody = body.byteLength > 0 && method !== 'GET' && method !== 'HEAD';
  const fields = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    // HTTP/2 has its pseudo-headers among the others.
    value === undefined || name.startsWith(':') ? [] : [[name, String(value)]],
  );
  try {
    return new Request(toUrl(url), { method, headers: fields, body: hasBody ? body : null });
  } catch {
    return null;
  }
}

/** `target`: a path with its query, or the whole URL for a proxy. */
function toUrl(target: string): string {
  if (target.startsWith('/')) return ORIGIN + target;
  return URL.parse(target, ORIGIN)?.href ?? ORIGIN;
}
