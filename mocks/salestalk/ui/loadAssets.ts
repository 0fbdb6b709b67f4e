import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const CLIENT_FOLDER = new URL('./client/', import.meta.url);
const STYLES_FOLDER = new URL('./styles/', import.meta.url);

/** By file name, e.g. `main.ts`. */
export type AssetFiles = ReadonlyMap<string, { body: string; contentType: string }>;

/** Reads all files of the page once, so that no request touches the disk. `change` may change them before they get their version. */
export function loadAssets(change: (files: AssetFiles) => AssetFiles) {
  const files = new Map<string, { body: string; contentType: string }>();
  for (const name of readdirSync(CLIENT_FOLDER).sort()) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const body = stripTypeScriptTypes(readFileSync(new URL(name, CLIENT_FOLDER), 'utf8'));
    files.set(name, { body, contentType: 'text/javascript; charset=utf-8' });
  }
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
  return { version: assetVersion(served), files: served, modules };
}

/** The version of a set of files, by SHA-256 over every name and body: a page never meets modules of two releases. */
export function assetVersion(files: ReadonlyMap<string, { body: string }>): string {
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(`${name}\0${body}\0`);
  return hash.digest('hex').slice(0, 16);
}

const template = readFileSync(new URL('page.html', import.meta.url), 'utf8');

/**
 * The page as HTML, its assets named by version, after `change` of the template. Every module is preloaded: otherwise the
 * browser would find them level by level of the import graph, one round trip each.
 */
export function pageHtml(
  assets: { version: string; modules: readonly string[] },
  change: (template: string) => string,
): string {
  const preloads = assets.modules
    // The one classic script, which the page loads at once.
    .filter((name) => name !== 'beforePaint.ts')
    .map((name) => `<link rel="modulepreload" href="/assets/${assets.version}/${name}">`)
    .join('\n    ');
  return change(template)
    .replaceAll('{version}', assets.version)
    .replace('<!-- modulepreload -->', preloads);
}
