import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availability, latencyP95 } from '../../core/testing/objectives.ts';
import { METRICS } from '../../metrics/metrics.ts';
import { capacity, judged, latencies } from '../charts/testing/judged.ts';
import { intervalScale, usedShare } from './intervalScale.ts';

const never = { ...availability, metric: METRICS.isolation, allowedShare: 0 };
const half = { ...availability, objective: 0.5, allowedShare: 0.5, quantile: 0.5 };
const spread = { ...half, metric: METRICS.jitter, objective: 10 };

for (const [what, objective, value, used] of [
  ['half of the time that is allowed', latencyP95, 1000, 0.5],
  ['exactly the time that is allowed', latencyP95, 2000, 1],
  ['three times the failures that are allowed', availability, 0.997, 3],
  ['no failure', availability, 1, 0],
  ['nothing bad where nothing may be', never, 1, 0],
  ['something bad where nothing may be', never, 0.99, Number.POSITIVE_INFINITY],
  ['half of the rate that must be kept', capacity, 30, 2],
  ['twice of what must be exceeded', spread, 20, 0.5],
  ['nothing of what must be exceeded', spread, 0, Number.POSITIVE_INFINITY],
  ['less than nothing', latencyP95, -3, 0],
] as const) {
  test(`the scale shows ${what}`, () => {
    const found = usedShare(objective, value);
    assert.equal(Number.isFinite(used) ? Number(found.toFixed(9)) : found, used);
  });
}

/** Where the bar and the point stand, from 0 to 1. */
function placesOf(values: number[]): { from: number; to: number; point: number } {
  const svg = intervalScale(latencyP95, judged(latencyP95, values).judgement, 'label').toString();
  const [, x, width] = /class="bar" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const [, cx] = /class="point" cx="([\d.]+)"/.exec(svg) ?? [];
  const place = (pixels: number) => (pixels - 8) / 224;
  return {
    from: place(Number(x)),
    to: place(Number(x) + Number(width)),
    point: place(Number(cx)),
  };
}

test('a bar spans the interval, left of the middle for what is met, and to the end where it is open', () => {
  const met = placesOf(latencies(400));
  assert.ok(met.from < met.point && met.point < met.to && met.to < 0.5, JSON.stringify(met));
  const open = placesOf(latencies(20));
  assert.ok(Math.abs(open.to - 1) < 0.001, JSON.stringify(open));
  const missed = placesOf(latencies(400).map((value) => value * 20));
  assert.ok(missed.from > 0.5, JSON.stringify(missed));
});
