import type { RequestListener } from 'node:http';
import { after } from 'node:test';
import { type FakeServer, fakeServer } from './fakeServer.ts';
import { launchBrowser } from './launchBrowser.ts';

/**
 * A server of small pages with planted faults. A route is the HTML of a page or a listener.
 * A path without a route answers 404. The query is ignored.
 */
export function testPage(routes: Record<string, string | RequestListener>): Promise<FakeServer> {
  return fakeServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const route = routes[path];
    if (typeof route === 'function') return route(request, response);
    const status = route === undefined ? 404 : 200;
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(route ?? 'no such page');
  });
}

/** A server of such pages and a browser to open them with, for all tests of a file. */
export async function testPagesInBrowser(
  routes: Record<string, string | RequestListener>,
  args: readonly string[] = [],
) {
  const [server, browser] = [await testPage(routes), await launchBrowser([...args])];
  after(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, browser };
}
