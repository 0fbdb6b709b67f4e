import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lighthouseRun } from './auditorProtocol.ts';
import { readRun, readTimespan } from './readRun.ts';
import { lighthouseResult } from './testing/lighthouseResult.ts';

const asked = { categories: ['performance'], durationMs: 5000 } as const;

test('reads every value with its findings, the largest first', () => {
  const run = readRun(lighthouseResult(), asked);
  assert.deepEqual(lighthouseRun.parse(run), run);
  assert.deepEqual(run.scores, { performance: 0.9 });
  assert.deepEqual(run.metrics, {
    fcpMs: 100,
    lcpMs: 200,
    speedIndexMs: 150,
    ttiMs: 300,
    tbtMs: 0,
    cls: 0.12,
    observedFcpMs: 90,
    observedLcpMs: 180,
    totalBytes: 5000,
    unusedScriptBytes: 2000,
    unusedStyleBytes: 400,
    scriptBytes: 3100,
    largestScriptBytes: 3000,
  });
  const url = 'http://127.0.0.1/app.js';
  assert.deepEqual(run.findings, {
    renderBlocking: [{ url, sizeBytes: 3000, delayMs: 40 }],
    unused: [
      { url, sizeBytes: 3000, wastedBytes: 2000 },
      { url: 'a.css', sizeBytes: 500, wastedBytes: 400 },
    ],
    unminified: [{ url, sizeBytes: 3000, wastedBytes: 1000 }],
    briefCache: [{ url, sizeBytes: 3000, lifetimeMs: 0 }],
    notLoaded: ['http://127.0.0.1/c.js'],
    scripts: [
      { url, sizeBytes: 3000 },
      { url: 'http://127.0.0.1/b.js', sizeBytes: 100 },
      { url: 'blob:http://127.0.0.1/d', sizeBytes: 0 },
    ],
    layoutShifts: [{ element: 'main > p', shift: 0.12 }],
  });
});

test('names the error that ended a run', () => {
  const runtimeError = { code: 'NO_FCP', message: 'The page did not paint any content.' };
  assert.throws(
    () => readRun({ ...lighthouseResult(), runtimeError }, asked),
    /^Error: NO_FCP: The page did not paint/,
  );
});

const numbers = {
  'first-contentful-paint': /"first-contentful-paint"/,
  'largest-contentful-paint': /"largest-contentful-paint"/,
  'total-blocking-time': /"total-blocking-time"/,
  'cumulative-layout-shift': /"cumulative-layout-shift"/,
  'total-byte-weight': /"total-byte-weight"/,
  metrics: /"metrics"/,
  'unused-javascript': /"unused-javascript"/,
  'render-blocking-insight': /"render-blocking-insight"/,
  'cache-insight': /"cache-insight"/,
  'network-requests': /"network-requests"/,
};

for (const [id, named] of Object.entries(numbers)) {
  test(`without the value of ${id} there is no run`, () => {
    for (const found of [
      undefined,
      { scoreDisplayMode: 'numeric' },
      { scoreDisplayMode: 'error', errorMessage: 'it broke' },
      { scoreDisplayMode: 'informative', details: { items: [{ url: 7 }] } },
    ]) {
      const result = lighthouseResult();
      if (found === undefined) delete result.audits[id];
      else result.audits[id] = found;
      assert.throws(() => readRun(result, asked), named);
    }
  });
}

test('without the score of a category that was asked for there is no run', () => {
  const result = lighthouseResult();
  result.categories.performance = { score: null };
  assert.throws(() => readRun(result, asked), /"performance" has no score/);
  const wanted = { categories: ['accessibility'], durationMs: 1 } as const;
  assert.throws(() => readRun(lighthouseResult(), wanted), /"accessibility" has no score/);
});

test('a timespan has an INP, null where nobody did anything, and no run without its other values', () => {
  const result = lighthouseResult();
  const expected = { inpMs: 64, tbtMs: 0, cls: 0.12, durationMs: 800, warnings: ['a warning'] };
  assert.deepEqual(readTimespan(result, 800), expected);
  result.audits['interaction-to-next-paint'] = { scoreDisplayMode: 'notApplicable' };
  assert.deepEqual(readTimespan(result, 800), { ...expected, inpMs: null });
  result.audits['interaction-to-next-paint'] = { scoreDisplayMode: 'numeric' };
  assert.throws(() => readTimespan(result, 800), /"interaction-to-next-paint" has no value/);
});
