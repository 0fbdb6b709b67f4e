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
        { url: 'http://127.0.0.1/', resourceType: 'Document', transferSize: 900 },
        { url: 'http://127.0.0.1/b.js', resourceType: 'Script', transferSize: 100 },
        { url, resourceType: 'Script', transferSize: 3000 },
      ),
      'layout-shifts': table({ node: { selector: 'main > p' }, score: 0.12 }),
    } as Record<string, object>,
  };
}
