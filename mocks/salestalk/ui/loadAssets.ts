import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

export interface Asset {
  body: string;
  contentType: string;
}

export interface Assets {
  /** First 16 hex digits of the SHA-256 over every name and body: one changed byte gives every asset a new URL. */
  version: string;
  /** By file name, e.g. `main.ts`. */
  files: ReadonlyMap<string, Asset>;
  /** Names of the browser modules that have code, for `modulepreload`. */
  modules: readonly string[];
}

const clientFolder = new URL('./client/', import.meta.url);
const stylesFolder = new URL('./styles/', import.meta.url);

/** Reads everything the page needs once, at start: no request ever touches the disk. */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  for (const name of namesIn(clientFolder)) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const body = stripTypeScriptTypes(readFileSync(new URL(name, clientFolder), 'utf8'));
    // A module of types alone is imported by nobody once its types are stripped.
    if (body.trim() !== '')
      files.set(name, { body, contentType: 'text/javascript; charset=utf-8' });
  }
  const modules = [...files.keys()];

  // One style sheet, since each one blocks the first paint; the numbers in the names give the order of the cascade.
  const styles = namesIn(stylesFolder).filter((name) => name.endsWith('.css'));
  const css = styles.map((name) => readFileSync(new URL(name, stylesFolder), 'utf8')).join('\n');
  files.set('page.css', { body: css, contentType: 'text/css; charset=utf-8' });

  const icon = readFileSync(new URL('favicon.svg', import.meta.url), 'utf8');
  files.set('favicon.svg', { body: icon, contentType: 'image/svg+xml' });

  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(`${name}\0${body}\0`);
  return { version: hash.digest('hex').slice(0, 16), files, modules };
}

function namesIn(folder: URL): string[] {
  return readdirSync(folder).sort();
}
