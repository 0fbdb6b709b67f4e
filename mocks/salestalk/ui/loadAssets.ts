import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { assetVersion } from './assetVersion.ts';

export interface Asset {
  body: string;
  contentType: string;
}

/** By file name, e.g. `main.ts`. */
export type AssetFiles = ReadonlyMap<string, Asset>;

export interface Assets {
  /** Part of every asset's URL. */
  version: string;
  files: AssetFiles;
  /** Names of the browser modules. */
  modules: readonly string[];
}

const clientFolder = new URL('./client/', import.meta.url);
const stylesFolder = new URL('./styles/', import.meta.url);

/**
 * Reads everything the page needs once, at start: no request ever touches the disk. `change` has the last word on the files,
 * before they are given their version.
 */
export function loadAssets(change: (files: AssetFiles) => AssetFiles): Assets {
  const files = new Map<string, Asset>();
  for (const name of namesIn(clientFolder)) {
    // types.ts is imported by nobody once types are stripped.
    if (!name.endsWith('.ts') || name.endsWith('.test.ts') || name === 'types.ts') continue;
    const body = stripTypeScriptTypes(readFileSync(new URL(name, clientFolder), 'utf8'));
    files.set(name, { body, contentType: 'text/javascript; charset=utf-8' });
  }
  const modules = [...files.keys()];

  // One style sheet, since each one blocks the first paint; the numbers in the names give the order of the cascade.
  const styles = namesIn(stylesFolder).filter((name) => name.endsWith('.css'));
  const css = styles.map((name) => readFileSync(new URL(name, stylesFolder), 'utf8')).join('\n');
  files.set('page.css', { body: css, contentType: 'text/css; charset=utf-8' });

  const icon = readFileSync(new URL('favicon.svg', import.meta.url), 'utf8');
  files.set('favicon.svg', { body: icon, contentType: 'image/svg+xml' });

  const served = change(files);
  return { version: assetVersion(served), files: served, modules };
}

function namesIn(folder: URL): string[] {
  return readdirSync(folder).sort();
}
