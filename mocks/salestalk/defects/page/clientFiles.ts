import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { AssetFiles } from '../../ui/loadAssets.ts';

const folder = new URL('./client/', import.meta.url);

/** The scripts of defects as the browser gets them, by file name. A page loads none of them unless it names it. */
export function clientFiles(): AssetFiles {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'));
  return new Map(
    names.sort().map((name) => {
      const body = stripTypeScriptTypes(readFileSync(new URL(name, folder), 'utf8'));
      return [name, { body, contentType: 'text/javascript; charset=utf-8' }];
    }),
  );
}
