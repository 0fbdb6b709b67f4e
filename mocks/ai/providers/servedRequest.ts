import type { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Call } from '../journal/callLog.ts';
import type { PacedAnswer } from './pacedAnswer.ts';

/** What a server has read of a request. `target`: its path with the query, or the whole URL for a proxy. */
export type ReadRequest = {
  method: string;
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  call: Call;
};

// The handlers match any host, and one that a client made up is not to keep its request from being read.
const ORIGIN = 'http://ai-mock';

/**
 * A request as MSW matches it and the handlers read it. The platform's own `Request` copies headers and body first, which takes three
 * times as long as all that MSW does with it.
 */
export class ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { get: (name: string) => string | null };
  readonly body: Buffer;
  readonly call: Call;
  /** What was decided; `null` where no handler has, or one gave a response that says it all. */
  answer: PacedAnswer | null = null;

  constructor({ method, target, headers, body, call }: ReadRequest) {
    this.method = method;
    this.url = urlOf(target);
    this.headers = { get: (name) => headers[name.toLowerCase()]?.toString() ?? null };
    this.body = body;
    this.call = call;
  }

  /** For MSW, whose matching reads no more of a `Request` than method, url and headers. */
  toMsw(): Request {
    return this as unknown as Request;
  }

  /** @throws TypeError for a request that did not come through this server */
  static fromMsw(request: Request): ServedRequest {
    if (request instanceof ServedRequest) return request;
    throw new TypeError('Failed to answer a request: it was not served over HTTP.');
  }
}

function urlOf(target: string): string {
  if (target.startsWith('/')) return ORIGIN + target;
  return URL.parse(target, ORIGIN)?.href ?? ORIGIN;
}
