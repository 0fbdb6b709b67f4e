import type { RequestListener } from 'node:http';
import { type FakeServer, fakeServer } from './fakeServer.ts';

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
