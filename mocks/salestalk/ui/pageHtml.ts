import { readFileSync } from 'node:fs';

const template = readFileSync(new URL('page.html', import.meta.url), 'utf8');

/**
 * The page as HTML, its assets named by version; `change` has the last word on the template. Every module is preloaded: without that the browser would meet them
 * level by level of the import graph, one round trip each.
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
