import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CATEGORY_COLOURS } from './renderSvg.ts';
import { assertTexts, svgTexts } from './testing/judged.ts';
import { hardToDraw, slowAnswer } from './testing/waterfalls.ts';
import { type Waterfall, waterfallChart } from './waterfallChart.ts';

const ROW: Waterfall['rows'][number] = {
  label: 'request',
  segments: [{ name: 'wait', fromMs: 0, toMs: 80 }],
};
const withRows = (...rows: Waterfall['rows']): Waterfall => ({ title: 'one', totalMs: 100, rows });

/** Places of the bars in pixels, in the order of their names and rows. */
function readBars(svg: string): { x: number; y: number; width: number; fill: string }[] {
  const bar = /<path d="M(\S+) (\S+)l(\S+) 0l0 14l\S+ 0Z" fill="(#\w+)"/g;
  return [...svg.matchAll(bar)].map(([, x, y, width, fill = '']) => ({
    x: Number(x),
    y: Number(y),
    width: Number(width),
    fill,
  }));
}

test('each row has its label, and its duration and note after its bar', () => {
  const texts = svgTexts(waterfallChart(slowAnswer));
  assertTexts(texts, [
    'answer, request req-4711',
    '4,310 ms in all',
    'over at 4,310 ms',
    'request to the API',
    '358 ms  ·  answered',
    '0.6 ms  ·  status 503',
    'waiting for the first byte',
    'call of the model',
  ]);
});

test('bars lie at their times, row below row, with one colour for each name', () => {
  const part = (name: string, fromMs: number, toMs: number) => ({ name, fromMs, toMs });
  const svg = waterfallChart(
    withRows(
      { label: 'a', segments: [part('wait', 0, 25), part('rest', 25, 100)] },
      { label: 'b', segments: [part('wait', 50, 100)] },
    ),
  );
  const [first, below, rest] = readBars(svg);
  assert.ok(first && below && rest, svg);
  assert.equal(first.x + first.width, rest.x);
  assert.equal(rest.width, 3 * first.width);
  assert.equal(below.width, 2 * first.width);
  assert.equal(below.x + below.width, rest.x + rest.width);
  assert.deepEqual([first.y, below.y], [rest.y, first.y + 26]);
  assert.deepEqual([below.fill, rest.fill], [first.fill, CATEGORY_COLOURS[1]]);
});

test('a segment of no length is a stroke, and a row without segments has its note', () => {
  const none = { label: 'none', segments: [{ name: 'DNS', fromMs: 40, toMs: 40 }] };
  const refused = { label: 'never began', segments: [], note: 'connection refused' };
  const svg = waterfallChart(withRows(none, refused));
  assert.deepEqual(
    readBars(svg).map(({ width }) => width),
    [2],
  );
  const texts = svgTexts(svg);
  assert.ok(texts.includes('0 ms') && texts.includes('connection refused'), texts.join(' | '));
});

test('long texts are cut, rows are limited, and the picture says how many are missing', () => {
  const texts = svgTexts(waterfallChart(hardToDraw));
  for (const start of ['a title that', 'an operation', '30,000 ms  ·  a note', 'everything']) {
    const [found] = texts.filter((text) => text.startsWith(start));
    assert.match(found ?? '', /…$/, `${start}: ${found}`);
  }
  const storm = waterfallChart(withRows(...Array.from({ length: 500 }, () => ROW)));
  assert.ok(storm.length < 45_000, `${storm.length} bytes`);
  assert.ok(svgTexts(storm).includes('100 ms in all  ·  460 more rows are not shown'));
  assert.ok(!svgTexts(waterfallChart(hardToDraw)).join('').includes('not shown'));
});

test('segments before and after the request are on the picture', () => {
  const late = { name: 'late', fromMs: -50, toMs: 400 };
  const [bar, ...others] = readBars(waterfallChart(withRows({ label: 'a', segments: [late] })));
  assert.deepEqual([others, bar?.width], [[], 960 - 216 - 260]);
});

test('hostile text is escaped', () => {
  const hostile = '</text><script>alert(1)</script>&"\u0000\u001B';
  const svg = waterfallChart({
    title: hostile,
    totalMs: 100,
    rows: [{ label: hostile, segments: [{ name: hostile, fromMs: 0, toMs: 80 }], note: hostile }],
  });
  assert.ok(!svg.includes('<script'));
  assert.doesNotMatch(svg, /[^\P{Cc}\n]/u);
  assert.equal(svgTexts(svg).filter((text) => text.includes('</text><script>')).length, 4);
});

test('missing rows and invalid times are errors', () => {
  const times = (fromMs: number, toMs: number) =>
    withRows({ label: 'a', segments: [{ name: 'wait', fromMs, toMs }] });
  assert.throws(() => waterfallChart(withRows()), RangeError);
  assert.throws(() => waterfallChart(times(5, 4)), /"wait" ends before it begins/);
  assert.throws(() => waterfallChart(times(0, Number.NaN)), RangeError);
  assert.ok(!waterfallChart({ ...times(0, 0), totalMs: 0 }).includes('NaN'));
});

test('every colour has enough contrast with the ground', () => {
  const luminance = (colour: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, at) => sum + part * ([0.2126, 0.7152, 0.0722][at] ?? Number.NaN), 0);
  for (const colour of CATEGORY_COLOURS) {
    assert.ok(1.05 / (luminance(colour) + 0.05) >= 3, colour);
  }
});
