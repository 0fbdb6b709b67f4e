import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { type Clock, wait } from '../../api/clock.ts';
import { JAVASCRIPT, readScripts, type UiOverrides } from '../../ui/routes.ts';
import type { Defect, PageChange } from '../defect.ts';

const CLIENT_FOLDER = new URL('./client/', import.meta.url);
const BANNER = 'banner.svg';
const TAGS = 'tags.js';
const LIBRARY = 'library.js';
const LIBRARY_BYTES = 1_500_000;

/** Answers that leave something behind in the page. */
export const MEMORY_DEFECTS: readonly Defect[] = [
  ...[1, 10, 100].map((sizeKb) =>
    leak(
      `leak-${sizeKb}kb`,
      `?objects=${sizeKb * 1024}`,
      `each answer leaves ${sizeKb} KB of plain objects in the page's heap`,
    ),
  ),
  leak('leak-detached', '?detached', 'each answer leaves a detached copy of its elements'),
  leak('leak-listeners', '?listeners', 'each answer leaves five event listeners on the window'),
  leak('leak-timers', '?timers', 'each answer leaves a timer of 60 s that holds 10 KB'),
  // The clean page shows the latest 20 answers and drops the others.
  leak(
    'leak-history',
    '?history',
    'the page keeps the text of every answer, not only of the latest 20: some 3 KB each',
  ),
];

function leak(name: string, query: string, description: string): Defect {
  return { name, description, page: () => addScript('leaks.ts', query) };
}

/** A page that loads slowly, or behaves badly while it is asked and answers. */
export const PAGE_DEFECTS: readonly Defect[] = [
  {
    name: 'layout-shift',
    description: 'when the chart arrives, a notice above the answer moves it down and back',
    page: () => addScript('shiftOnChart.ts'),
  },
  {
    name: 'long-task',
    description: 'asking blocks the page for 300 ms before the request is sent',
    page: () => addScript('blockOnSubmit.ts'),
  },
  {
    // Its place is reserved, so that nothing moves.
    name: 'late-largest-element',
    description: 'a banner, the largest element of the first view, comes 3 s late',
    page: ({ clock, draw }) => ({
      changeFiles: addFile(BANNER, drawBanner(draw), 'image/svg+xml'),
      changeHtml: (template) =>
        template.replace(
          '</header>',
          `</header>\n    <img src="/assets/{version}/${BANNER}" alt="" width="100%" height="320">`,
        ),
      around: [delayFile(clock, BANNER, 3000)],
    }),
  },
  {
    name: 'blocking-script',
    description: 'the page shows nothing before a script that comes 1.5 s late',
    page: ({ clock }) => ({
      changeFiles: addFile(TAGS, 'document.documentElement.dataset.tags = "loaded";\n'),
      changeHtml: addToHead(`<script src="/assets/{version}/${TAGS}"></script>`),
      around: [delayFile(clock, TAGS, 1500)],
    }),
  },
  {
    name: 'oversized-script',
    description: 'the page loads a script of 1.5 MB that it does not use',
    page: ({ draw }) => ({
      changeFiles: addFile(LIBRARY, writeUnusedCode(draw)),
      changeHtml: addToHead(`<script defer src="/assets/{version}/${LIBRARY}"></script>`),
    }),
  },
  {
    name: 'uncached-assets',
    description: 'no browser may keep the scripts and styles of the page',
    page: () => ({
      around: [
        createMiddleware(async (c, next) => {
          await next();
          if (!c.req.path.startsWith('/assets/')) return;
          c.res.headers.set('Cache-Control', 'no-store');
          c.res.headers.delete('ETag');
        }),
      ],
    }),
  },
  {
    name: 'request-per-chunk',
    description: 'the page sends a request for each chunk of a narrative that it shows',
    page: () => ({
      ...addScript('reportChunks.ts'),
      around: [
        createMiddleware(async (c, next) => {
          if (c.req.path !== '/chunk-shown' || c.req.method !== 'POST') return next();
          return c.body(null, 204);
        }),
      ],
    }),
  },
];

function addFile(name: string, body: string, contentType = JAVASCRIPT): UiOverrides['changeFiles'] {
  return (files) => new Map([...files, [name, { body, contentType }]]);
}

/** Delays one file of the page's assets. A browser that gives up on it ends the wait. */
function delayFile(clock: Clock, file: string, delayMs: number): MiddlewareHandler {
  return createMiddleware(async (c, next) => {
    if (c.req.path.endsWith(`/${file}`)) await wait(clock, delayMs, c.req.raw.signal);
    await next();
  });
}

/**
 * Bars of random heights. Chromium never counts a picture of less than 0.05 bit a pixel as the largest element:
 * https://developer.chrome.com/blog/lcp-ignore-low-entropy-images
 */
function drawBanner(draw: () => number): string {
  const bars = Array.from({ length: 400 }, (_, index) => {
    const height = Math.round(draw() * 320);
    return `<rect x="${index * 4}" y="${320 - height}" width="3" height="${height}" fill="#0a7d70"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1600 320" preserveAspectRatio="none">${bars.join('')}</svg>`;
}

/** Functions without a caller. Their texts are random, or compression would make them small. */
function writeUnusedCode(draw: () => number): string {
  const functions: string[] = [];
  for (let length = 0; length < LIBRARY_BYTES; ) {
    const text = Array.from({ length: 40 }, () => draw().toString(36).slice(2)).join('');
    const unused = `function unused${functions.length}() { return '${text}'; }\n`;
    functions.push(unused);
    length += unused.length;
  }
  return functions.join('');
}

/** Adds a script of the `client` folder, which runs once the page is parsed and reads `query` from its own URL. */
function addScript(file: string, query = ''): PageChange {
  return {
    changeFiles: (files) => new Map([...files, ...readScripts(CLIENT_FOLDER)]),
    changeHtml: addToHead(
      `<script type="module" src="/assets/{version}/${file}${query}"></script>`,
    ),
  };
}

function addToHead(markup: string): (template: string) => string {
  return (template) => template.replace('</head>', () => `  ${markup}\n  </head>`);
}
