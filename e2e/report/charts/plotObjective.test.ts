import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RateStep } from '../../core/record/event.ts';
import { sortSample } from '../../core/statistics/quantile.ts';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../../core/testing/objectives.ts';
import { repeat } from '../../core/testing/seriesOf.ts';
import { judge } from '../../core/verdict/judge.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { linearAxis, positionOnAxis, valueAxis } from './axes.ts';
import { thin } from './marks.ts';
import { countBars } from './maximumCharts.ts';
import { type Judged, plotObjective } from './plotObjective.ts';
import { ecdfPoints } from './quantileChart.ts';
import { rateMarks } from './rateChart.ts';
import {
  attemptRate,
  gapGrowth,
  heapGrowth,
  heapSizes,
  latencyGrowth,
  refusal,
  retried,
  windowMedians,
} from './testing/faultObjectives.ts';
import {
  assertTexts,
  capacity,
  judged,
  latencies,
  RATES,
  STEPS,
  searchSeries,
  stepAt,
  svgTexts,
} from './testing/judged.ts';

test('the ECDF names the objective, the estimate with its interval, P50, the sample size and failures', () => {
  const texts = svgTexts(plot(judged(latencyP95, latencies(72), { failed: 3 }))).join('\n');
  for (const part of [
    /^classify latency P95 < 2000 ms {3}PASS$/m,
    /^P95 \d+\.\d ms \[\d+\.\d, \d+\.\d\] at 95 % confidence .* n = 72 .* 0 bad .* 3 failed$/m,
    /^objective < 2000 ms$/m,
    /^P50 \d+\.\d ms$/m,
    /^interval \[\d+\.\d, \d+\.\d\]$/m,
    /^classify latency, ms$/m,
    /^time in run, s$/m,
  ]) {
    assert.match(texts, part);
  }
});

test('an open end of the interval is drawn and named as open', () => {
  const texts = svgTexts(plot(judged(latencyP95, latencies(60))));
  assert.ok(texts.some((text) => /^interval \[\d+\.\d, open\]$/.test(text)));
});

test('the allowed share is drawn at its exact place', () => {
  const atAllowed = (allowedShare: number) => {
    const svg = plot(judged({ ...availability, allowedShare }, repeat([3400, 0])));
    return Number(svg.match(/<path d="M[\d.]+ ([\d.]+)L[\d.]+ \1"[^>]*stroke="#c3182b"/)?.[1]);
  };
  // The ground of the axis is at 336 and its top, four times what is allowed, at 96.
  assert.equal(atAllowed(0.001), 276);
  assert.ok(atAllowed(0.0001) > 276 && atAllowed(0.0001) < 330);
});

test('an empty row of bad requests says that there is not one', () => {
  const texts = (values: number[]) => svgTexts(plot(judged(availability, values)));
  assert.ok(texts(repeat([3400, 0])).includes('not one'));
  assert.ok(!texts(repeat([3399, 0], [1, 1])).includes('not one'));
});

test('counts beyond the objective are marked, and many counts share the last bar', () => {
  const texts = svgTexts(plot(judged(modelCallsPerRequest, repeat([50, 2], [9, 3], [1, 40]))));
  assert.ok(texts.includes('3') && texts.includes('11 or more'));
  assert.equal(texts.filter((text) => text === '(beyond)').length, 9);
});

test('a quantile that must be above its objective has its bad side on the left', () => {
  const values = latencies(60).map((value) => value / 200);
  const svg = plot(judged(gapGrowth, values, { failed: 60 }));
  const texts = svgTexts(svg).join('\n');
  for (const part of [
    /^broken model growth of the waits P50 > 1\.4 × {3}PASS$/m,
    /^P50 1\.\d+ × \[1\.\d+, 1\.\d+\] at 95 % confidence .* n = 60 .* 60 failed$/m,
    /^objective > 1\.4 ×$/m,
    /^broken model: each wait compared with the one before, ×$/m,
  ]) {
    assert.match(texts, part);
  }
  // Twice: over the distribution and over the time. Lines are drawn at whole pixels.
  const badSide = /<polygon points="(\S+) \S+ (\S+) [^"]*" fill="rgb\(195,24,43\)"/g;
  const line = Number(svg.match(/<path d="M(\S+) 356L\S+ \S+" fill="none" stroke="#c3182b"/)?.[1]);
  const areas = [...svg.matchAll(badSide)].map(([, from, to]) => [Number(from), Number(to)]);
  assert.equal(areas.length, 2);
  for (const [from, to] of areas) assert.ok(from === 76 && Math.abs(Number(to) - line) <= 1);
});

test('with zero tolerance the reason is shown, and the first bad request has its place', () => {
  const missed = svgTexts(plot(judged(retried, repeat([6, 0], [2, 1], [4, 0]), { failed: 12 })));
  assertTexts(missed, [
    'broken model retried: every one   FAIL',
    '2 of 12 were not tried again: not one may  ·  12 failed',
    'first bad one: number 7',
    '20 to be judged',
  ]);
  const met = svgTexts(plot(judged(retried, repeat([20, 0]))));
  assert.ok(
    met.includes(
      'none in 20 were not tried again: below 14 % of all (95 % confidence)  ·  0 failed',
    ),
  );
  assert.ok(!met.some((text) => text.startsWith('first bad')));
});

test('if no value may exceed the objective, the greatest one is labelled', () => {
  const texts = svgTexts(plot(judged(refusal, [8012.34, 30_012, 8100], { failed: 3 })));
  assertTexts(texts, [
    'broken model refusal ≤ 9000 ms   FAIL',
    'objective ≤ 9000 ms',
    'max 30012.0 ms',
    'broken model: time until the error answer, ms',
  ]);
});

test('growth is drawn from the first value, beside the allowed slope', () => {
  const leak = plot(judged(heapGrowth, heapSizes(20, 3000)));
  const texts = svgTexts(leak).join('\n');
  for (const part of [
    /^page heap growth ≤ 1000 B\/use {3}FAIL$/m,
    /^grows \d+ B\/use \[\d+, \d+\] at 95 % confidence .* n = 20 .* 0 failed$/m,
    /^each use$/m,
    /^estimated growth$/m,
    /^most that is allowed$/m,
    /^since the first use, KB$/m,
  ]) {
    assert.match(texts, part);
  }
  const dots = (svg: string) => [...svg.matchAll(/<path d="M1 0A1 1/g)].length;
  assert.equal(dots(leak), 20);
  const flat = judged(heapGrowth, heapSizes(20, 0));
  assert.match(svgTexts(plot(flat)).join('\n'), /PASS$/m);
  const spread = { ...flat, series: { ...flat.series, iterationsBetween: 25 } };
  assert.ok(svgTexts(plot(spread)).includes('after every 25 uses'));
});

test('growth of other units than bytes is not scaled, and a single value has no slope', () => {
  const nodes = { ...heapGrowth, metric: METRICS.nodeGrowth, unit: 'nodes/use' as const };
  const counts = Array.from({ length: 20 }, (_, at) => 400 + 3 * at);
  assert.ok(svgTexts(plot(judged(nodes, counts))).includes('since the first use, nodes'));
  for (const values of [[5000], repeat([3, 5000])]) {
    assert.ok(!plot(judged(heapGrowth, values)).includes('NaN'));
  }
});

test('growth under load has an axis of requests and medians of groups of them', () => {
  const slowing = judged(latencyGrowth, windowMedians(20, 360, 1.5));
  const texts = svgTexts(
    plot({ ...slowing, series: { ...slowing.series, iterationsBetween: 0.36 } }),
  );
  assertTexts(texts, ['median of every 360 requests', 'request', 'since the first, ms', '6,000']);
});

test('counts share bars that end at the objective, so that none is partly beyond', () => {
  const rate = { ...attemptRate, objective: 20 };
  const texts = svgTexts(plot(judged(rate, repeat([3, 0], [4, 20], [5, 21], [6, 51]))));
  assertTexts(texts, ['0–2', '18–20', '21–23', '33 or more']);
  assert.deepEqual(
    countBars([0, 20, 21, 51], 20).filter(({ requests }) => requests > 0),
    [
      { label: '0–2', requests: 1, beyond: false },
      { label: '18–20', requests: 1, beyond: false },
      { label: '21–23', requests: 1, beyond: true },
      { label: '33 or more', requests: 1, beyond: true },
    ],
  );
  for (const objective of [1, 2, 7, 8, 11, 20, 100]) {
    const counts = Array.from({ length: 300 }, (_, at) => at);
    const bars = countBars(counts, objective);
    assert.ok(bars.length <= 12);
    assert.equal(
      bars.reduce((sum, { requests }) => sum + requests, 0),
      300,
    );
    const within = bars.filter(({ beyond }) => !beyond);
    assert.equal(
      within.reduce((sum, { requests }) => sum + requests, 0),
      objective + 1,
    );
  }
});

test('pictures stay small for every run', () => {
  const many = 20_000;
  for (const picture of [
    judged(latencyP95, latencies(many)),
    judged({ ...latencyP95, objective: 300 }, latencies(many)),
    judged(availability, repeat([many, 0])),
    judged(retried, repeat([many / 2, 0], [many / 2, 1])),
    judged({ ...refusal, objective: 300 }, latencies(many)),
    judged(gapGrowth, latencies(many)),
    judged(
      metadataAccuracy,
      latencies(many).map((value) => (value > 350 ? 1 : 0)),
    ),
  ]) {
    const svg = plot(picture);
    assert.ok(svg.length < 45_000, `${picture.objective.id}: ${svg.length} bytes`);
  }
});

test('plots in the same page share no id', () => {
  const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const latency = ids(plot(judged(latencyP95, latencies(72))));
  assert.ok(latency.length > 0);
  const own = ids(plot(judged({ ...latencyP95, id: 'chat.latency.p95' }, latencies(72))));
  assert.deepEqual(
    latency.filter((id) => own.includes(id)),
    [],
  );
  assert.equal(new Set(latency).size, latency.length);
});

test('every reference inside a plot has its target', () => {
  const svg = plot(judged(latencyP95, latencies(72)));
  const referred = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
  assert.ok(referred.length > 0);
  for (const id of referred) assert.ok(svg.includes(`id="${id}"`), `${id} is missing`);
});

test('hostile text is escaped', () => {
  const operation = '</text><script>alert(1)</script>&"';
  const hostile = { ...latencyP95, operation, id: '"><script>x' };
  const svg = plot(judged(hostile, latencies(72)));
  assert.ok(!svg.includes('<script'));
  assert.ok(svgTexts(svg).some((text) => text.startsWith(operation)));
});

test('values at or below zero and identical values can be drawn', () => {
  const ownTime = { ...latencyP95, metric: METRICS.ownTime, objective: 50 };
  for (const values of [repeat([60, -0.4]), repeat([30, 0], [30, 12]), repeat([60, 49.9])]) {
    assert.ok(!plot(judged(ownTime, values)).includes('NaN'));
  }
  assert.ok(!plot(judged(latencyP95, [2000])).includes('NaN'));
});

test('without events there is no plot', () => {
  assert.equal(plotObjective(judged(latencyP95, [])), null);
});

test('a search shows the result of each rate, the limit, the objective and the knee', () => {
  const texts = svgTexts(plotSearch(STEPS));
  assertTexts(texts, [
    'capacity rate > 60 requests/s at a P95 < 500 ms   INCONCLUSIVE',
    'objective > 60 requests/s',
    'limit 500 ms',
    'knee [45, 83]',
    'below the limit',
    'not below it',
    'more than 5 % failed',
    'says nothing: harness or AI mock was the bottleneck',
    'offered rate, requests/s',
    'response time, P95, ms',
  ]);
  assert.ok(texts.some((text) => text.startsWith('keeps 45 requests/s [45, 83] at 95 %')));
});

test('steps with the same result share a legend entry, and a knee not reached is open', () => {
  const kept = svgTexts(plotSearch([stepAt(30, 0.8), stepAt(65, 0.8)]));
  assert.ok(kept.includes('below the limit') && kept.includes('knee [65, open]'));
  assert.ok(!kept.includes('not below it') && !kept.includes('more than 5 % failed'));
  const broken = plotSearch([stepAt(20, 30, { failed: 20 })]);
  assert.ok(svgTexts(broken).includes('knee [open, 20]') && !broken.includes('NaN'));
  const unknown = svgTexts(plotSearch([stepAt(20, 1, { interference: 'no CPU to spare' })]));
  assert.ok(!unknown.some((text) => text.startsWith('knee')));
});

test('the quantile of a step counts a request without an answer as the slowest', () => {
  const answered = rateMarks(capacity, [stepAt(100, 1)]);
  const some = rateMarks(capacity, [stepAt(100, 1, { failed: 4 })]);
  const many = rateMarks(capacity, [stepAt(100, 1, { failed: 6 })]);
  assert.ok((some[0]?.responseMs ?? 0) > (answered[0]?.responseMs ?? 0));
  assert.deepEqual(many, [{ ratePerSecond: 100, responseMs: null, kind: 'failed' }]);
});

test('the axis is logarithmic if the objective is far from the data and all values are positive', () => {
  assert.equal(valueAxis([320, 512, 2000]).type, 'log');
  assert.equal(valueAxis([900, 1200, 2000]).type, 'value');
  assert.equal(valueAxis([0, 12, 50]).type, 'value');
  assert.equal(valueAxis([-0.4, 12, 50]).type, 'value');
});

test('all values lie on the axis, and the marks are round', () => {
  for (const values of [
    [320, 512, 2000],
    [900, 1200, 2000],
    [5, 5, 5],
    [0, 0, 0],
    [0.1, 90_000],
  ]) {
    const axis = valueAxis(values);
    for (const value of values) {
      const position = positionOnAxis(axis, value);
      assert.ok(position > 0 && position < 1, `${value} at ${position}`);
    }
    assert.ok(axis.ticks.length >= 2);
    for (const tick of axis.ticks) {
      assert.ok(tick >= axis.min && tick <= axis.max);
      assert.ok(String(tick).replaceAll(/[-0.]/g, '').length <= 3, `${tick} is not round`);
    }
  }
  assert.deepEqual(linearAxis(0, 3400).ticks, [0, 1000, 2000, 3000]);
});

test('thinning keeps both ends, the named items and about the wanted number', () => {
  const all = Array.from({ length: 1000 }, (_, at) => at);
  const some = thin(all, 50, (item) => item === 333);
  assert.ok(some.length <= 51);
  assert.deepEqual([some[0], some.at(-1), some.includes(333)], [0, 999, true]);
  assert.equal(thin(all, 1000), all);
});

test('the ECDF has each value at its share, and many values keep their tails and quantiles', () => {
  assert.deepEqual(ecdfPoints(sortSample([3, 1, 1, 2]), [0.5]), [
    [1, 0.5],
    [2, 0.75],
    [3, 1],
  ]);
  const points = ecdfPoints(sortSample(Array.from({ length: 5000 }, (_, at) => at + 1)), [0.95]);
  assert.ok(points.length < 500);
  for (const value of [1, 2, 4750, 4999, 5000]) {
    assert.ok(
      points.some(([x, y]) => x === value && y === value / 5000),
      `${value}`,
    );
  }
});

function plot(picture: Judged): string {
  const svg = plotObjective(picture);
  assert.ok(svg !== null);
  return svg;
}

function plotSearch(steps: RateStep[]): string {
  const series = searchSeries(steps);
  return plot({
    objective: capacity,
    series,
    judgement: judge(capacity, series, RATES),
    rates: RATES,
  });
}
