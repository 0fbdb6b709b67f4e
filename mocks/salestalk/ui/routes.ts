import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';

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

const CLIENT_FOLDER = new URL('./client/', import.meta.url);
const STYLES_FOLDER = new URL('./styles/', import.meta.url);

type Asset = { body: string; contentType: string };

/** By file name, e.g. `main.ts`. */
export type AssetFiles = ReadonlyMap<string, Asset>;

export const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** The scripts of a folder as the browser gets them: without types, and without tests. */
export function readScripts(folder: URL): Map<string, Asset> {
  const names = readdirSync(folder).filter((name) => /(?<!\.test)\.ts$/.test(name));
  const read = (name: string): string =>
    stripTypeScriptTypes(readFileSync(new URL(name, folder), 'utf8'));
  return new Map(names.sort().map((name) => [name, { body: read(name), contentType: JAVASCRIPT }]));
}

/** Reads all files of the page once, so that no request touches the disk. `change` runs before they get their version. */
export function loadAssets(change: (files: AssetFiles) => AssetFiles) {
  const files = readScripts(CLIENT_FOLDER);
  const modules = [...files.keys()];

  // One style sheet, since each one blocks the first paint; the numbers in the names give the order of the cascade.
  const styles = readdirSync(STYLES_FOLDER)
    .sort()
    .filter((name) => name.endsWith('.css'));
  const css = styles.map((name) => readFileSync(new URL(name, STYLES_FOLDER), 'utf8')).join('\n');
  files.set('page.css', { body: css, contentType: 'text/css; charset=utf-8' });

  const icon = readFileSync(new URL('favicon.svg', import.meta.url), 'utf8');
  files.set('favicon.svg', { body: icon, contentType: 'image/svg+xml' });

  const served = change(files);
  return { version: hashAssets(served), files: served, modules };
}

/** The version of a set of files, a hash of every name and body: no page mixes the modules of two releases. */
export function hashAssets(files: ReadonlyMap<string, { body: string }>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(`${name}\0${body}\0`);
  return hash.digest('hex').slice(0, 16);
}

const template = readFileSync(new URL('page.html', import.meta.url), 'utf8');

/**
 * The page as HTML, its assets named by version, after `change` of the template. Every module is preloaded: otherwise the
 * browser would find them level by level of the import graph, one round trip each.
 */
export function renderPage(
  assets: { version: string; modules: readonly string[] },
  change: (template: string) => string,
): string {
  const preloads = assets.modules
    // A classic script, which the page loads at once.
    .filter((name) => name !== 'beforePaint.ts')
    .map((name) => `<link rel="modulepreload" href="/assets/${assets.version}/${name}">`)
    .join('\n    ');
  return change(template)
    .replaceAll('{version}', assets.version)
    .replace('<!-- modulepreload -->', preloads);
}
