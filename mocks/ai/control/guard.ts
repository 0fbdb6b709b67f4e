import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/**
 * Lets only the holder of the token in. The Host header is checked first: a web page that had a name of its own
 * resolved to 127.0.0.1 sends that name. No CORS headers, so that no page can read an answer either.
 */
export function guard(options: { token: string; port: () => number }): MiddlewareHandler {
  const expected = digest(`Bearer ${options.token}`);
  return async (context, next) => {
    const host = context.req.header('host');
    const hosts = [`127.0.0.1:${options.port()}`, `localhost:${options.port()}`];
    if (host === undefined || !hosts.includes(host))
      return problem(
        context,
        403,
        'HOST_FOREIGN',
        `Host header: found ${quoted(host)}, expected ${hosts.join(' or ')}.`,
      );
    // Hashes are compared, since a comparison in constant time needs equal lengths.
    if (!timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) {
      context.header('www-authenticate', 'Bearer');
      return problem(
        context,
        401,
        'UNAUTHORIZED',
        'Authorization header: expected "Bearer " and the token that the mock was started with in AI_MOCK_CONTROL_TOKEN.',
      );
    }
    return next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function quoted(host: string | undefined): string {
  return host === undefined ? 'none' : JSON.stringify(host);
}
