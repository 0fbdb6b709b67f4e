/** The parts of a Lighthouse result (LHR) of version 13 that are read. */
export function lighthouseResult() {
  const url = 'http://127.0.0.1/app.js';
  const numeric = (numericValue: number) => ({ scoreDisplayMode: 'numeric', numericValue });
  const table = (...items: object[]) => ({
    scoreDisplayMode: 'metricSavings',
    details: { items },
  });
  return {
    categories: { performance: { score: 0.9 }, seo: { score: 1 } } as Record<
      string,
      { score: number | null }
    >,
    audits: {
      'largest-contentful-paint': numeric(200),
      'total-blocking-time': numeric(0),
      'cumulative-layout-shift': numeric(0.12),
      'interaction-to-next-paint': numeric(64),
      'total-byte-weight': numeric(5000),
      metrics: table({ observedLargestContentfulPaint: 180 }, {}),
      'unused-javascript': table({ url, wastedBytes: 2000 }),
      'unused-css-rules': table({ url: 'a.css', wastedBytes: 400 }),
      'network-requests': table(
        { url, statusCode: 200 },
        { url: 'http://127.0.0.1/c.js', statusCode: -1 },
      ),
    } as Record<string, object>,
  };
}
