import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { type AssetFiles, loadAssets, pageHtml } from './loadAssets.ts';

const NO_OVERRIDES: UiOverrides = {
  changeFiles: (files) => files,
  changeHtml: (template) => template,
  around: [],
};

type UiOptions = {
  /** Where the API is, without a trailing slash; empty: the page's own origin. */
  apiUrl: string;
  /** Tenant ids offered as demo workspaces; empty: sign-in by access token alone. */
  demoWorkspaces: string[];
};

/** Changes to the page, for planted defects. */
export type UiOverrides = {
  changeFiles: (files: AssetFiles) => AssetFiles;
  /** Of the page as it stands in page.html, where `{version}` stands for that of the assets. */
  changeHtml: (template: string) => string;
  /** Run around every route of the page, headers and all. */
  around: readonly MiddlewareHandler[];
};

/**
 * Serves the chat page: `/`, `/config.json`, `/assets/<version>/<file>` and a `/favicon.ico` for clients that ask unasked.
 *
 * The version is a hash of all assets and part of the path, so that modules import each other by relative URLs as they
 * stand in the source and each may be cached for a year; the page, which names the version, and the configuration are
 * revalidated by ETag. The middleware is given route by route, so that mounting this app at `/` leaves the API's answers
 * (and its streams, which compression would hold back) alone.
 */
export function uiRoutes(options: UiOptions, overrides: UiOverrides = NO_OVERRIDES): Hono {
  const assets = loadAssets(overrides.changeFiles);
  const page = pageHtml(assets, overrides.changeHtml);
  const headers = pageHeaders(options.apiUrl);
  const app = new Hono();
  for (const around of overrides.around) app.use(around);

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

/**
 * Security headers of the page. Scripts, styles and pictures come from its own origin, none from the HTML itself;
 * requests go to the page's origin and to `apiUrl` (empty: the same origin).
 *
 * Opener and embedder policy make the page cross-origin isolated, which gives it timers of 5 µs instead of 100 µs and
 * `performance.measureUserAgentSpecificMemory`: https://web.dev/articles/coop-coep
 */
function pageHeaders(apiUrl: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: apiUrl === '' ? ["'self'"] : ["'self'", new URL(apiUrl).origin],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    crossOriginEmbedderPolicy: true,
    xFrameOptions: 'DENY',
    // The embedded SalesTalk speaks plain HTTP on loopback.
    strictTransportSecurity: false,
  });
}
