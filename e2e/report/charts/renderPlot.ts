import type { TitleComponentOption } from 'echarts';
import { type MetricName, metricOf } from '../../core/budget/metrics.ts';
import { describeObjective, type Objective, percent } from '../../core/budget/objective.ts';
import { formatEstimate } from '../../core/verdict/formatEstimate.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { FONT, PALETTE, type PlotSize } from './renderSvg.ts';

/** What is judged and what came of it, above the plot, so that the picture can be read alone. */
export function heading(
  objective: Objective,
  judgement: Judgement,
  { width }: PlotSize,
): TitleComponentOption {
  const subtext = isNever(objective)
    ? `${judgement.reason}  ·  ${judgement.failed.toLocaleString('en-US')} failed`
    : inFigures(objective, judgement);
  const line = { width: width - 32, overflow: 'truncate', fontFamily: FONT } as const;
  return {
    text: plotTitle(objective, judgement),
    subtext,
    left: 16,
    top: 10,
    itemGap: 6,
    textStyle: {
      ...line,
      fontSize: 16,
      color: judgement.verdict === 'fail' ? PALETTE.bad : PALETTE.ink,
    },
    subtextStyle: { ...line, fontSize: 13, color: PALETTE.muted },
  };
}

/** Where not one may be bad, what came of it is said in words: no figure of it is an estimate that was asked for. */
function isNever({ metric }: Objective): boolean {
  return metricOf(metric).kind === 'never';
}

function inFigures(objective: Objective, judgement: Judgement): string {
  return [
    `${formatEstimate(objective, judgement)} at ${percent(judgement.confidence)} confidence`,
    `n = ${judgement.n.toLocaleString('en-US')}`,
    `${judgement.bad.toLocaleString('en-US')} bad`,
    `${judgement.failed.toLocaleString('en-US')} failed`,
  ].join('  ·  ');
}

/** `classify latency P95 < 2000 ms   PASS`. */
export function plotTitle(objective: Objective, { verdict }: Judgement): string {
  return `${describeObjective(objective)}   ${verdict.toUpperCase()}`;
}

/** What the values of a metric are, where its name does not say it to someone who meets it in a picture. */
const IN_WORDS: Partial<Record<MetricName, string>> = {
  modelCalls: 'calls of the model',
  fairness: "latency beyond the busiest tenant's at that time",
  timeout: 'time until the hanging call was given up',
  refusal: 'time until the caller was told',
  attempts: 'attempts at one call',
  attemptRate: 'calls within one second',
  gapGrowth: 'each wait compared with the one before',
  jitter: 'difference between the waits of two requests',
  recovery: 'time to an answer once the model was well',
  blocking: 'time for which the main thread was blocked',
  chunkGap: 'longest pause between two pieces of the answer',
  missedFrames: 'frames that the main thread missed',
  insight: 'time from the sign-in to the whole first answer',
  weight: 'bytes over the network',
  footprint: 'memory in use after garbage collection',
  growth: 'memory in use after garbage collection',
  nodeGrowth: 'nodes of the document',
  listenerGrowth: 'event listeners',
  documentGrowth: 'documents',
  serviceTime: 'time from the sending to the end',
  stall: 'longest time without an answer, of each second',
};

/** Names the axis of an objective's values: `classify latency`, `hungModel: time until the caller was told`. */
export function valueName({ operation, metric }: Objective): string {
  const words = IN_WORDS[metric];
  return words === undefined ? `${operation} ${metric}` : `${operation}: ${words}`;
}
