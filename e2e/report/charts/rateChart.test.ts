import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RateStep } from '../../core/record/event.ts';
import { judge } from '../../core/verdict/judge.ts';
import { plotObjective } from './plotObjective.ts';
import { rateMarks } from './rateChart.ts';
import { capacity, STEPS, searchOf, stepAt, svgTexts } from './testing/judged.ts';

test('a search shows the result of each rate, the limit, the objective and the knee', () => {
  const texts = svgTexts(plot(STEPS));
  for (const text of [
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
  ]) {
    assert.ok(texts.includes(text), `${text} is not in ${texts.join(' | ')}`);
  }
  assert.ok(texts.some((text) => text.startsWith('keeps 45 requests/s [45, 83] at 95 %')));
});

test('steps with the same result share a legend entry, and a knee not reached is open', () => {
  const kept = svgTexts(plot([stepAt(30, 0.8), stepAt(65, 0.8)]));
  assert.ok(kept.includes('below the limit') && kept.includes('knee [65, open]'));
  assert.ok(!kept.includes('not below it') && !kept.includes('more than 5 % failed'));
  const broken = plot([stepAt(20, 30, { failed: 20 })]);
  assert.ok(svgTexts(broken).includes('knee [open, 20]') && !broken.includes('NaN'));
  const unknown = svgTexts(plot([stepAt(20, 1, { doubt: 'no CPU to spare' })]));
  assert.ok(!unknown.some((text) => text.startsWith('knee')));
});

test('the quantile of a step counts a request without an answer as the slowest', () => {
  const answered = rateMarks(capacity, [stepAt(100, 1)]);
  const some = rateMarks(capacity, [stepAt(100, 1, { failed: 4 })]);
  const many = rateMarks(capacity, [stepAt(100, 1, { failed: 6 })]);
  assert.ok((some[0]?.responseMs ?? 0) > (answered[0]?.responseMs ?? 0));
  assert.deepEqual(many, [{ ratePerSecond: 100, responseMs: null, kind: 'notKept' }]);
});

function plot(steps: RateStep[]): string {
  const rates = { falsePass: 0.05, falseFail: 0.01, objectivesInRun: 8 };
  const series = searchOf(steps);
  const judgement = judge(capacity, series, rates);
  const svg = plotObjective({ objective: capacity, series, judgement, rates });
  assert.ok(svg !== null);
  return svg;
}
