import type { PageChange } from '../defect.ts';
import { clientFiles } from './clientFiles.ts';
import { inHead } from './inHead.ts';

/**
 * A page that also runs a script of the `client` folder, as a module: after the page is parsed, and without holding back its
 * first paint. `query` is what the script reads from its own URL.
 */
export function withScript(file: string, query = ''): PageChange {
  return {
    changeFiles: (files) => new Map([...files, ...clientFiles()]),
    changeHtml: inHead(`<script type="module" src="/assets/{version}/${file}${query}"></script>`),
  };
}
