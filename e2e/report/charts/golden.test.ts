import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import type { Interval } from '../../core/statistics/verdict.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../../core/testing/objectives.ts';
import { repeat, seriesOf } from '../../core/testing/seriesOf.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { growthChart } from './growthChart.ts';
import { countChart, limitChart } from './maximumCharts.ts';
import { quantileChart } from './quantileChart.ts';
import { rateChart } from './rateChart.ts';
import { shareChart } from './shareChart.ts';
import {
  gapGrowth,
  heapGrowth,
  heapOf,
  latencyGrowth,
  mediansOf,
  refusal,
  retried,
} from './testing/faultObjectives.ts';
import { capacity, judged, latencies, STEPS, searchOf } from './testing/judged.ts';
import { slowAnswer } from './testing/waterfalls.ts';
import { waterfallChart } from './waterfallChart.ts';
import { zeroToleranceChart } from './zeroToleranceChart.ts';

// The judgements stand here in full, so that a picture changes only when the drawing does.
const PICTURES: Record<string, () => string> = {
  quantile: () => {
    const values = latencies(72);
    const judgement = judgementOf(latencyP95, { n: 72, estimate: 460.8, interval: [420.1, null] });
    return quantileChart({
      objective: latencyP95,
      series: seriesOf(latencyP95, values),
      judgement,
    });
  },
  share: () => {
    const judgement = judgementOf(availability, {
      n: 3000,
      bad: 2,
      estimate: 0.99933,
      interval: [0.9979, 0.9999],
    });
    const intervals = [
      { n: 1, interval: [0.05, 1] satisfies Interval },
      { n: 1000, interval: [0.997, 1] satisfies Interval },
      { n: 3000, interval: judgement.interval },
    ];
    const series = seriesOf(availability, repeat([1200, 0], [2, 1], [1798, 0]));
    return shareChart({ objective: availability, series, judgement }, intervals);
  },
  count: () => {
    const judgement = judgementOf(modelCallsPerRequest, {
      n: 62,
      bad: 2,
      estimate: 4,
      verdict: 'fail',
    });
    const series = seriesOf(modelCallsPerRequest, repeat([60, 2], [2, 4]));
    return countChart({ objective: modelCallsPerRequest, series, judgement });
  },
  mirrored: () => {
    const judgement = judgementOf(gapGrowth, {
      n: 40,
      bad: 8,
      failed: 40,
      estimate: 1.63,
      interval: [1.48, 1.9],
      verdict: 'pass',
    });
    const { series } = judged(
      gapGrowth,
      latencies(40).map((value) => value / 200),
    );
    return quantileChart({ objective: gapGrowth, series, judgement });
  },
  never: () => {
    const judgement = judgementOf(retried, {
      n: 20,
      bad: 3,
      failed: 20,
      verdict: 'fail',
      reason: '3 of 20 were not tried again: not one may',
    });
    return zeroToleranceChart({
      objective: retried,
      series: seriesOf(retried, repeat([6, 0], [2, 1], [11, 0], [1, 1])),
      judgement,
    });
  },
  limit: () => {
    const values = [...latencies(19).map((value) => value * 20), 30_012];
    const judgement = judgementOf(refusal, {
      n: 20,
      bad: 3,
      failed: 20,
      estimate: 30_012,
      interval: [30_012, null],
      verdict: 'fail',
    });
    return limitChart({ objective: refusal, series: seriesOf(refusal, values), judgement });
  },
  growth: () => {
    const judgement = judgementOf(heapGrowth, {
      n: 20,
      estimate: 3100,
      interval: [2950, 3260],
      verdict: 'fail',
    });
    return growthChart({
      objective: heapGrowth,
      series: seriesOf(heapGrowth, heapOf(20, 3100)),
      judgement,
    });
  },
  'growth under load': () => {
    const judgement = judgementOf(latencyGrowth, {
      n: 20,
      estimate: 1.52,
      interval: [1.41, 1.63],
      verdict: 'fail',
    });
    const series = seriesOf(latencyGrowth, mediansOf(20, 360, 1.5));
    return growthChart({
      objective: latencyGrowth,
      series: { ...series, iterationsBetween: 0.36 },
      judgement,
    });
  },
  rate: () => {
    const judgement = judgementOf(capacity, {
      n: 3960,
      bad: 1475,
      failed: 81,
      estimate: 68,
      interval: [68, 83],
      verdict: 'pass',
    });
    return rateChart({ objective: capacity, series: searchOf(STEPS), judgement });
  },
  waterfall: () => waterfallChart(slowAnswer),
};

for (const [name, draw] of Object.entries(PICTURES)) {
  test(`the ${name} chart is the committed picture, in Node as in Deno, the first time and the second`, () => {
    const file = new URL(`golden/${name.replaceAll(' ', '-')}.svg`, import.meta.url);
    const svg = draw();
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, svg);
    assert.equal(svg, readFileSync(file, 'utf8'));
    assert.equal(draw(), svg);
  });
}

function judgementOf(
  { id, metric, unit, objective }: Objective,
  parts: Partial<Judgement>,
): Judgement {
  return {
    id,
    metric: metric.name,
    unit,
    objective,
    estimate: objective,
    interval: [objective, null],
    confidence: 0.95,
    n: 0,
    bad: 0,
    setAside: 0,
    failed: 0,
    min: null,
    max: null,
    median: null,
    designEffect: null,
    verdict: 'inconclusive',
    reason: '',
    stillNeeded: null,
    ...parts,
  };
}
