import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRun, readTimespan } from './readRun.ts';
import { lighthouseResult } from './testing/lighthouseResult.ts';

test('reads every value', () => {
  assert.deepEqual(readRun(lighthouseResult(), ['performance']), {
    scores: { performance: 0.9 },
    lcpMs: 200,
    tbtMs: 0,
    cls: 0.12,
    observedLcpMs: 180,
    totalBytes: 5000,
    unusedBytes: 2400,
    notLoaded: ['http://127.0.0.1/c.js'],
  });
});

test('names the error that ended a run', () => {
  const runtimeError = { code: 'NO_FCP', message: 'The page did not paint any content.' };
  assert.throws(
    () => readRun({ ...lighthouseResult(), runtimeError }, ['performance']),
    /^Error: NO_FCP: The page did not paint/,
  );
});

for (const id of [
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'total-byte-weight',
  'metrics',
  'unused-javascript',
  'unused-css-rules',
  'network-requests',
]) {
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
      assert.throws(() => readRun(result, ['performance']), new RegExp(`"${id}"`));
    }
  });
}

test('an audit that does not apply to the page has no rows', () => {
  const result = lighthouseResult();
  result.audits['unused-css-rules'] = { scoreDisplayMode: 'notApplicable' };
  assert.equal(readRun(result, ['performance']).unusedBytes, 2000);
});

test('without the score of a requested category there is no run', () => {
  const result = lighthouseResult();
  result.categories.performance = { score: null };
  assert.throws(() => readRun(result, ['performance']), /"performance" has no score/);
  assert.throws(
    () => readRun(lighthouseResult(), ['accessibility']),
    /"accessibility" has no score/,
  );
});

test('a timespan has an INP, null without an interaction, and no run without its other values', () => {
  const result = lighthouseResult();
  const expected = { inpMs: 64, tbtMs: 0, cls: 0.12 };
  assert.deepEqual(readTimespan(result), expected);
  result.audits['interaction-to-next-paint'] = { scoreDisplayMode: 'notApplicable' };
  assert.deepEqual(readTimespan(result), { ...expected, inpMs: null });
  result.audits['interaction-to-next-paint'] = { scoreDisplayMode: 'numeric' };
  assert.throws(() => readTimespan(result), /"interaction-to-next-paint" has no value/);
});
