import type { EChartsOption, TitleComponentOption } from 'echarts';
import {
  describeObjective,
  inWords,
  nameMetric,
  type Objective,
  percent,
} from '../../core/budget/objective.ts';
import type { EventSeries } from '../../core/record/event.ts';
import { formatCount, formatEstimate } from '../../core/verdict/format.ts';
import type { Judgement } from '../../core/verdict/judgement.ts';
import { PALETTE, type PlotSize, renderSvg } from './renderSvg.ts';

/** An objective with its events and their judgement. */
export type Plotted = { objective: Objective; series: EventSeries; judgement: Judgement };

/**
 * Renders the plot of an objective. Its heading shows the objective and the outcome, so that the picture can be read by itself.
 * @param notes texts inside the plot
 */
export function renderPlot(
  { objective, judgement }: Plotted,
  { notes = [], ...size }: PlotSize & { notes?: TitleComponentOption[] },
  option: EChartsOption,
): string {
  const title = `${describeObjective(objective)}   ${judgement.verdict.toUpperCase()}`;
  const width = size.width - 32;
  const heading: TitleComponentOption = {
    text: title,
    subtext: describeOutcome(objective, judgement),
    textStyle: { width, ...(judgement.verdict === 'fail' ? { color: PALETTE.bad } : {}) },
    subtextStyle: { width },
  };
  return renderSvg({ title: [heading, ...notes], ...option }, { id: judgement.id, title, ...size });
}

function describeOutcome(objective: Objective, judgement: Judgement): string {
  const { n, bad, failed, reason, confidence } = judgement;
  const failures = `${formatCount(failed)} failed`;
  // With zero tolerance there is no estimate: the reason says what was found.
  if (objective.metric.kind === 'zeroTolerance') return `${reason}  ·  ${failures}`;
  return [
    `${formatEstimate(objective, judgement)} at ${percent(confidence)} confidence`,
    `n = ${formatCount(n)}`,
    `${formatCount(bad)} bad`,
    failures,
  ].join('  ·  ');
}

/** Names the axis of an objective's values: `classify latency`, `hung model: time until the error answer`. */
export function valueName({ operation, metric }: Objective): string {
  const { valueName } = metric;
  const name = inWords(operation);
  return valueName === undefined ? `${name} ${nameMetric(metric)}` : `${name}: ${valueName}`;
}
