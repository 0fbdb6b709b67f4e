/** The parts of a Lighthouse result (LHR) of version 13 that are read, with the values of a page that has all the findings. */
export function lighthouseResult() {
  const url = 'http://127.0.0.1/app.js';
  const numeric = (numericValue: number) => ({ scoreDisplayMode: 'numeric', numericValue });
  const table = (...items: object[]) => ({
    scoreDisplayMode: 'metricSavings',
    details: { items },
  });
  return {
    runWarnings: ['a warning'],
    environment: { benchmarkIndex: 1500 },
    categories: { performance: { score: 0.9 }, seo: { score: 1 } } as Record<
      string,
      { score: number | null }
    >,
    audits: {
      'first-contentful-paint': numeric(100),
      'largest-contentful-paint': numeric(200),
      'speed-index': numeric(150),
      interactive: numeric(300),
      'total-blocking-time': numeric(0),
      'cumulative-layout-shift': numeric(0.12),
      'interaction-to-next-paint': numeric(64),
      'total-byte-weight': numeric(5000),
      metrics: table({ observedFirstContentfulPaint: 90, observedLargestContentfulPaint: 180 }, {}),
      'unused-javascript': table({ url, totalBytes: 3000, wastedBytes: 2000 }),
      'unused-css-rules': table({ url: 'a.css', totalBytes: 500, wastedBytes: 400 }),
      'unminified-javascript': table({ url, totalBytes: 3000, wastedBytes: 1000 }),
      'unminified-css': { scoreDisplayMode: 'notApplicable' },
      'render-blocking-insight': table({ url, totalBytes: 3000, wastedMs: 40 }),
      'cache-insight': table({ url, totalBytes: 3000, cacheLifetimeMs: 0 }),
      'network-requests': table(
        requestFor('http://127.0.0.1/', 'Document', 900),
        requestFor('http://127.0.0.1/b.js', 'Script', 100),
        requestFor(url, 'Script', 3000),
        requestFor('http://127.0.0.1/c.js', 'Script', 0, -1),
        requestFor('blob:http://127.0.0.1/d', 'Script', -1),
      ),
      'layout-shifts': table({ node: { selector: 'main > p' }, score: 0.12 }),
    } as Record<string, object>,
  };
}

function requestFor(url: string, resourceType: string, transferSize: number, statusCode = 200) {
  return { url, resourceType, transferSize, statusCode };
}
