import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { type AssetFiles, loadAssets, renderPage } from './loadAssets.ts';

/**
 * Everything comes from the page's own origin. Opener and embedder policy isolate the page, which gives it timers of 5 µs
 * and `performance.measureUserAgentSpecificMemory`: https://web.dev/articles/coop-coep
 */
const HEADERS = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  crossOriginEmbedderPolicy: true,
  xFrameOptions: 'DENY',
  // The embedded SalesTalk speaks plain HTTP on loopback.
  strictTransportSecurity: false,
});

/** Changes to the page, for planted defects. */
export type UiOverrides = {
  changeFiles: (files: AssetFiles) => AssetFiles;
  /** Changes the text of page.html, in which `{version}` stands for the version of the assets. */
  changeHtml: (template: string) => string;
  /** Middleware of every route of the page, which sees its headers too. */
  around: readonly MiddlewareHandler[];
};

/**
 * Serves the chat page and its assets, with these tenants as demo workspaces. Each route has its own middleware, since
 * compression would hold back the streams of the API.
 */
export function createUiRoutes(demoWorkspaces: readonly string[], overrides: UiOverrides): Hono {
  const assets = loadAssets(overrides.changeFiles);
  const page = renderPage(assets, overrides.changeHtml);
  const app = new Hono();
  for (const around of overrides.around) app.use(around);

  app.get('/', HEADERS, compress(), etag(), (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.html(page);
  });

  app.get('/config.json', HEADERS, etag(), (c) => {
    c.header('Cache-Control', 'no-cache');
    return c.json({ demoWorkspaces });
  });

  app.get('/assets/:version/:file', HEADERS, compress(), (c) => {
    const { version, file } = c.req.param();
    const asset = version === assets.version ? assets.files.get(file) : undefined;
    if (asset === undefined) {
      // An old page may ask for a version that is gone; its 404 must not be cached.
      c.header('Cache-Control', 'no-store');
      return c.text('Not found', 404);
    }
    c.header('Content-Type', asset.contentType);
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Length', String(new TextEncoder().encode(asset.body).byteLength));
    return c.body(asset.body);
  });

  return app;
}
