import type { RequestListener } from 'node:http';
import { type FakeServer, fakeServer } from './fakeServer.ts';

/**
 * A server of small pages with planted faults. A route that is text is a page of HTML; any other answers for itself.
 * A path without a route is a 404; the query is not looked at.
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
