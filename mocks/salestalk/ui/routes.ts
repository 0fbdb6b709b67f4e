import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { loadAssets } from './loadAssets.ts';
import { pageHeaders } from './pageHeaders.ts';
import { pageHtml } from './pageHtml.ts';

export interface UiOptions {
  /** Where the API is, without a trailing slash; empty: the page's own origin. */
  apiUrl: string;
  /** Tenant ids offered as demo workspaces; empty: sign-in by access token alone. */
  demoWorkspaces: string[];
}

/**
 * Serves the chat page: `/`, `/config.json`, `/assets/<version>/<file>` and a `/favicon.ico` for clients that ask unasked.
 *
 * The version is a hash of all assets and part of the path, so that modules import each other by relative URLs as they
 * stand in the source and each may be cached for ever; the page, which names the version, and the configuration are
 * revalidated by ETag. The middleware is given route by route, so that mounting this app at `/` leaves the API's answers
 * (and its streams, which compression would hold back) alone.
 */
export function uiRoutes(options: UiOptions): Hono {
  const assets = loadAssets();
  const page = pageHtml({ version: assets.version, modules: assets.modules });
  const headers = pageHeaders(options.apiUrl);
  const app = new Hono();

  app.get('/', headers, compress(), etag(), (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.html(page);
  });

  app.get('/config.json', headers, etag(), (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.json({ apiUrl: options.apiUrl, demoWorkspaces: options.demoWorkspaces });
  });

  app.get('/assets/:version/:file', headers, compress(), (c) => {
    const { version, file } = c.req.param();
    const asset = version === assets.version ? assets.files.get(file) : undefined;
    if (asset === undefined) {
      // An old page may ask for a version that is gone; that answer must not outlive the moment.
      c.header('Cache-Control', 'no-store');
      return c.text('Not found', 404);
    }
    c.header('Content-Type', asset.contentType);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Length', String(new TextEncoder().encode(asset.body).byteLength));
    return c.body(asset.body);
  });

  app.get('/favicon.ico', headers, (c) => {
    const icon = assets.files.get('favicon.svg');
    if (icon === undefined) return c.notFound();
    c.header('Content-Type', icon.contentType);
    c.header('Cache-Control', 'public, max-age=86400');
    return c.body(icon.body);
  });

  return app;
}
