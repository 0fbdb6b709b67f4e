import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { AssetFiles } from '../../ui/loadAssets.ts';
import type { PageChange } from '../defect.ts';

const FOLDER = new URL('./client/', import.meta.url);

/**
 * A page that also runs a script of the `client` folder, as a module: after the page is parsed, without a delay of its first
 * paint. The script reads `query` from its own URL.
 */
export function addScript(file: string, query = ''): PageChange {
  return {
    changeFiles: (files) => new Map([...files, ...clientFiles()]),
    changeHtml: addToHead(
      `<script type="module" src="/assets/{version}/${file}${query}"></script>`,
    ),
  };
}

/** The scripts of defects as the browser gets them, by file name. A page loads only those that it names. */
export function clientFiles(): AssetFiles {
  return new Map(
    readdirSync(FOLDER)
      .sort()
      .map((name) => {
        const body = stripTypeScriptTypes(readFileSync(new URL(name, FOLDER), 'utf8'));
        return [name, { body, contentType: 'text/javascript; charset=utf-8' }];
      }),
  );
}

/** Adds markup at the end of a page's head. */
export function addToHead(markup: string): (template: string) => string {
  return (template) => template.replace('</head>', () => `  ${markup}\n  </head>`);
}
