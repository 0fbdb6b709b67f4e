import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  availability,
  latencyP95,
  metadataAccuracy,
  modelCallsPerRequest,
} from '../core/testing/objectives.ts';
import { repeat } from '../core/testing/seriesOf.ts';
import { type Judged, plotObjective } from './plotObjective.ts';
import { judged, latencies } from './testing/judged.ts';
import { svgTexts } from './testing/svgTexts.ts';

test('a distribution names the objective, the estimate with its interval, P50, the sample and what failed', () => {
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

test('an end that the data do not bound is drawn and named as open', () => {
  const texts = svgTexts(plot(judged(latencyP95, latencies(20))));
  assert.ok(texts.some((text) => /^interval \[\d+\.\d, open\]$/.test(text)));
});

test('the allowed share is drawn where it is, not rounded away', () => {
  const atAllowed = (allowedShare: number) => {
    const svg = plot(judged({ ...availability, allowedShare }, repeat([3400, 0])));
    return Number(svg.match(/<path d="M[\d.]+ ([\d.]+)L[\d.]+ \1"[^>]*stroke="#c3182b"/)?.[1]);
  };
  // The ground of the axis is at 336 and its top, four times what is allowed, at 96.
  assert.equal(atAllowed(0.001), 276);
  assert.ok(atAllowed(0.0001) > 276 && atAllowed(0.0001) < 330);
});

test('not one bad request is said, not left to an empty row', () => {
  const texts = (values: number[]) => svgTexts(plot(judged(availability, values)));
  assert.ok(texts(repeat([3400, 0])).includes('not one'));
  assert.ok(!texts(repeat([3399, 0], [1, 1])).includes('not one'));
});

test('counts beyond the objective say so, many counts share the last bar', () => {
  const texts = svgTexts(plot(judged(modelCallsPerRequest, repeat([50, 2], [9, 3], [1, 40]))));
  assert.ok(texts.includes('3 (beyond)'));
  assert.ok(texts.includes('11 or more (beyond)'));
});

test('pictures stay small whatever the run was', () => {
  const many = 20_000;
  for (const picture of [
    judged(latencyP95, latencies(many)),
    judged({ ...latencyP95, objective: 300 }, latencies(many)),
    judged(availability, repeat([many, 0])),
    judged(
      metadataAccuracy,
      latencies(many).map((value) => (value > 350 ? 1 : 0)),
    ),
  ]) {
    const svg = plot(picture);
    assert.ok(svg.length < 45_000, `${picture.objective.id}: ${svg.length} bytes`);
  }
});

test('plots of one page share no id', () => {
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

test('every reference inside a plot leads somewhere', () => {
  const svg = plot(judged(latencyP95, latencies(72)));
  const referred = [...svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
  assert.ok(referred.length > 0);
  for (const id of referred) assert.ok(svg.includes(`id="${id}"`), `${id} is missing`);
});

test('hostile text is text', () => {
  const operation = '</text><script>alert(1)</script>&"';
  const hostile = { ...latencyP95, operation, id: '"><script>x' };
  const svg = plot(judged(hostile, latencies(72)));
  assert.ok(!svg.includes('<script'));
  assert.ok(svgTexts(svg).some((text) => text.startsWith(operation)));
});

test('values at or under zero, and values that are all the same, can be drawn', () => {
  const ownTime = { ...latencyP95, metric: 'ownTime' as const, objective: 50 };
  for (const values of [repeat([60, -0.4]), repeat([30, 0], [30, 12]), repeat([60, 49.9])]) {
    assert.ok(!plot(judged(ownTime, values)).includes('NaN'));
  }
  assert.ok(!plot(judged(latencyP95, [2000])).includes('NaN'));
});

test('without events there is no plot', () => {
  assert.equal(plotObjective(judged(latencyP95, [])), null);
});

function plot(picture: Judged): string {
  const svg = plotObjective(picture);
  assert.ok(svg !== null);
  return svg;
}
