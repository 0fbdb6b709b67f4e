import type { RequestListener } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from '@playwright/test';

export const CHUNKS = 4;
export const GAP_MS = 25;
export const CHUNK = '{"chunk":1}\n';

/** Answers in pieces like a model, and ends as `ending` says. */
const streams =
  (headers: Record<string, string>, ending: 'end' | 'destroy' | 'hang' = 'end'): RequestListener =>
  async ({ url }, response) => {
    const open = url?.includes('?open') ? { 'timing-allow-origin': '*' } : {};
    const head = { 'cache-control': 'no-store', 'x-request-id': 'req-7', ...open, ...headers };
    response.writeHead(200, head);
    response.flushHeaders();
    for (let sent = 0; sent < CHUNKS; sent++) {
      await wait(GAP_MS);
      response.write(CHUNK);
    }
    if (ending === 'end') response.end();
    if (ending === 'destroy') response.destroy();
  };

const LENGTH = { 'content-length': String(CHUNKS * CHUNK.length) };
const SHARED = { 'access-control-allow-origin': '*' };
/** A page and every kind of answer that its requests may get. */
export const REQUEST_ROUTES: Record<string, string | RequestListener> = {
  '/': '<h1>A page</h1><link rel="icon" href="data:,">',
  '/stream': streams(SHARED),
  '/stream-with-length': streams(LENGTH),
  '/broken': streams({}, 'destroy'),
  '/hanging': streams({}, 'hang'),
  '/slow': async (_, response) => {
    await wait(60);
    response.writeHead(200, { 'X-Request-Id': 'slow-1' }).end('late');
  },
  '/from': (_, response) => {
    response.writeHead(302, { location: '/slow', 'x-request-id': 'from-1' }).end();
  },
  '/error': (_, response) => void response.writeHead(503).end('down'),
  '/nothing': (_, response) => void response.writeHead(204, { 'cache-control': 'no-store' }).end(),
  '/kept': (_, response) => {
    const headers = { 'cache-control': 'max-age=60', 'x-request-id': 'kept-1' };
    response.writeHead(200, headers).end('x');
  },
  '/checked': ({ headers }, response) => {
    const isKnown = headers['if-none-match'] === '"1"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"1"', 'cache-control': 'no-cache' });
    response.end(isKnown ? undefined : 'content');
  },
};

/** Fetches in the page: to the end by `text()` or by pieces, or gives up after the first piece. */
export function fetchBy(page: Page, url: string, how: 'text' | 'pieces' | 'cancel' | 'abort') {
  return page.evaluate(
    async ({ url, how }) => {
      const controller = new AbortController();
      const response = await fetch(url, { signal: controller.signal });
      if (how === 'text') return response.text();
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
        text += piece.value;
        if (how === 'cancel') await reader?.cancel();
        if (how === 'abort') controller.abort();
        if (how !== 'pieces') break;
      }
      return text;
    },
    { url, how },
  );
}
