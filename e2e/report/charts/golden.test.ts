import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Objective } from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import type { Interval } from '../../core/statistics/verdict.ts';
import { availability, latencyP95, modelCallsPerRequest } from '../../core/testing/objectives.ts';
import { repeat, seriesOf } from '../../core/testing/seriesOf.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { growthChart } from './growthChart.ts';
import { countChart, limitChart } from './maximumCharts.ts';
import { quantileChart } from './quantileChart.ts';
import { rateChart } from './rateChart.ts';
import type { Plotted } from './renderPlot.ts';
import { shareChart } from './shareChart.ts';
import {
  gapGrowth,
  heapGrowth,
  heapSizes,
  latencyGrowth,
  refusal,
  retried,
  windowMedians,
} from './testing/faultObjectives.ts';
import { capacity, latencies, STEPS, searchSeries } from './testing/judged.ts';
import { slowAnswer } from './testing/waterfalls.ts';
import { waterfallChart } from './waterfallChart.ts';
import { zeroToleranceChart } from './zeroToleranceChart.ts';

// The judgements are fixed, so that a picture changes only when the drawing does.
const PICTURES: Record<string, () => string> = {
  quantile: () => {
    const parts: Partial<Judgement> = { n: 72, estimate: 460.8, interval: [420.1, null] };
    return quantileChart(plotted(latencyP95, seriesOf(latencyP95, latencies(72)), parts));
  },
  share: () => {
    const series = seriesOf(availability, repeat([1200, 0], [2, 1], [1798, 0]));
    const interval: Interval = [0.9979, 0.9999];
    const parts = { n: 3000, bad: 2, estimate: 0.99933, interval };
    return shareChart(plotted(availability, series, parts), [
      { n: 1, interval: [0.05, 1] },
      { n: 1000, interval: [0.997, 1] },
      { n: 3000, interval },
    ]);
  },
  count: () => {
    const series = seriesOf(modelCallsPerRequest, repeat([60, 2], [2, 4]));
    const parts: Partial<Judgement> = { n: 62, bad: 2, estimate: 4, verdict: 'fail' };
    return countChart(plotted(modelCallsPerRequest, series, parts));
  },
  mirrored: () => {
    const values = latencies(40).map((value) => value / 200);
    return quantileChart(
      plotted(gapGrowth, seriesOf(gapGrowth, values), {
        n: 40,
        bad: 8,
        failed: 40,
        estimate: 1.63,
        interval: [1.48, 1.9],
        verdict: 'pass',
      }),
    );
  },
  never: () =>
    zeroToleranceChart(
      plotted(retried, seriesOf(retried, repeat([6, 0], [2, 1], [11, 0], [1, 1])), {
        n: 20,
        bad: 3,
        failed: 20,
        verdict: 'fail',
        reason: '3 of 20 were not tried again: not one may',
      }),
    ),
  limit: () => {
    const values = [...latencies(19).map((value) => value * 20), 30_012];
    return limitChart(
      plotted(refusal, seriesOf(refusal, values), {
        n: 20,
        bad: 3,
        failed: 20,
        estimate: 30_012,
        interval: [30_012, null],
        verdict: 'fail',
      }),
    );
  },
  growth: () => {
    const series = seriesOf(heapGrowth, heapSizes(20, 3100));
    const growth = { n: 20, estimate: 3100, interval: [2950, 3260] as Interval };
    return growthChart(plotted(heapGrowth, series, { ...growth, verdict: 'fail' }));
  },
  'growth under load': () => {
    const series = seriesOf(latencyGrowth, windowMedians(20, 360, 1.5));
    const growth = { n: 20, estimate: 1.52, interval: [1.41, 1.63] as Interval };
    return growthChart(
      plotted(
        latencyGrowth,
        { ...series, iterationsBetween: 0.36 },
        { ...growth, verdict: 'fail' },
      ),
    );
  },
  rate: () =>
    rateChart(
      plotted(capacity, searchSeries(STEPS), {
        n: 3960,
        bad: 1475,
        failed: 81,
        estimate: 68,
        interval: [68, 83],
        verdict: 'pass',
      }),
    ),
  waterfall: () => waterfallChart(slowAnswer),
};

for (const [name, draw] of Object.entries(PICTURES)) {
  test(`the ${name} chart is the committed picture each time that it is drawn`, () => {
    const file = new URL(`golden/${name.replaceAll(' ', '-')}.svg`, import.meta.url);
    const svg = draw();
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, svg);
    assert.equal(svg, readFileSync(file, 'utf8'));
    assert.equal(draw(), svg);
  });
}

/** A plot of this series with a judgement that has these parts. */
function plotted(objective: Objective, series: EventSeries, parts: Partial<Judgement>): Plotted {
  const { id, metric, unit, objective: limit } = objective;
  const judgement: Judgement = {
    id,
    metric: metric.name,
    unit,
    objective: limit,
    estimate: limit,
    interval: [limit, null],
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
  return { objective, series, judgement };
}
