import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PageVitals } from '../probes/page/collectVitals.ts';
import { requestTimingOf } from '../testing/requestTimingOf.ts';
import {
  arrangeWaterfall,
  describeGreatestGrowth,
  describeHeaviest,
  describeVitals,
  tabulateGrowth,
} from './describeFindings.ts';

const page = requestTimingOf({ url: 'http://127.0.0.1/?token=secret', startAtMs: 1000 });
const script = requestTimingOf({
  url: 'http://127.0.0.1/assets/library.js',
  startAtMs: 1050,
  encodedBytes: 90_000,
});
const cached = requestTimingOf({
  url: 'http://127.0.0.1/assets/style.css',
  startAtMs: 1060,
  fromCache: 'disk',
  encodedBytes: 0,
});

test('names the heaviest file beside the weight of all', () => {
  assert.equal(
    describeHeaviest([page, script, cached]),
    'Taken once more, the step loaded 90,900 B in 2 requests, most of it /assets/library.js: 90,000 B.',
  );
  assert.equal(describeHeaviest([cached, requestTimingOf({ encodedBytes: null })]), null);
});

test('arranges the requests by their start, each with its phases and without host or query', () => {
  const broken = requestTimingOf({ startAtMs: 1100, status: 500 });
  const waterfall = arrangeWaterfall('visit', [broken, script, cached, page]);
  assert.deepEqual(
    waterfall?.rows.map(({ label, note }) => [label, note]),
    [
      ['/', '900 B'],
      ['library.js', '90,000 B'],
      ['style.css', 'from the disk cache'],
      ['chat', '900 B, 500'],
    ],
  );
  assert.deepEqual(waterfall?.rows[1]?.segments, [
    { name: 'queued', fromMs: 50, toMs: 51 },
    { name: 'sent', fromMs: 51, toMs: 51 },
    { name: 'waiting', fromMs: 51, toMs: 131 },
    { name: 'download', fromMs: 131, toMs: 231 },
  ]);
  assert.equal(waterfall?.totalMs, 281);
  assert.equal(arrangeWaterfall('visit', []), null);
});

const VITALS: PageVitals = {
  ttfbMs: 4,
  fcpMs: 60,
  lcp: {
    valueMs: 1200,
    element: '#hero\u001b[2J',
    timeToFirstByteMs: 5,
    resourceLoadDelayMs: 100,
    resourceLoadMs: 900,
    elementRenderDelayMs: 195,
  },
  cls: {
    score: 0.5,
    largestShift: { score: 0.48, elements: ['main>article'] },
  },
  labInp: {
    valueMs: 320,
    target: 'button.ask',
    inputDelayMs: 2,
    processingMs: 300,
    presentationDelayMs: 18,
  },
};

test('describes the layout shift, the largest element and the slowest interaction in a sentence each', () => {
  assert.deepEqual(describeVitals(VITALS), {
    shift: 'Taken once more, the step had a layout shift of 0.48 that moved main>article.',
    largest:
      'Taken once more, the largest element was #hero [2J after 1200.0 ms: 5.0 ms to the first byte of the page, 1000.0 ms to find and load it, 195.0 ms until it was painted.',
    interaction:
      'Taken once more, the slowest interaction took 320.0 ms, on button.ask: 2.0 ms until it was handled, 300.0 ms to handle it, 18.0 ms until it was painted.',
  });
});

test('has no sentence for what Chromium did not report', () => {
  const none = { ttfbMs: null, fcpMs: null, lcp: null, cls: null, labInp: null };
  assert.deepEqual(describeVitals(none), { shift: null, largest: null, interaction: null });
  const still = { ...none, cls: { score: 0, largestShift: null } };
  assert.equal(describeVitals(still).shift, null);
});

const LEAK = {
  constructorName: 'Object',
  countDelta: 10,
  selfDeltaBytes: 280,
  retainedDeltaBytes: 10_320,
  retainers: { path: 'Window → leaks (Array) → [12] (Object)', count: 9, of: 10 },
};

test('describes the greatest growth in a sentence', () => {
  assert.equal(
    describeGreatestGrowth({ iterations: 10, growth: [LEAK] }),
    'Each further use leaves 1 × Object behind (1,032 B, all that they hold included), held by Window → leaks (Array) → [12] (Object).',
  );
  assert.match(
    describeGreatestGrowth({ iterations: 10, growth: [{ ...LEAK, retainers: null }] }) ?? '',
    /\)\.$/,
  );
  assert.equal(describeGreatestGrowth({ iterations: 10, growth: [] }), null);
});

test('tabulates all that grew with what holds it, without control characters', () => {
  const other = { ...LEAK, constructorName: 'A\u001b[2J\nB', countDelta: -3, retainers: null };
  assert.equal(
    tabulateGrowth({ iterations: 10, growth: [LEAK, other] }),
    [
      'In 10 further uses, all that holds at least one more of its kind or 64 B more a use:',
      '',
      '  constructor  count  own size  with all that it holds',
      '  Object         +10    +280 B               +10,320 B',
      '      9 of 10 held by Window → leaks (Array) → [12] (Object)',
      '  A [2J B         -3    +280 B               +10,320 B',
      '      held by nothing that a window leads to',
      '',
    ].join('\n'),
  );
  assert.match(tabulateGrowth({ iterations: 10, growth: [] }), /nothing/);
});
