import type { TitleComponentOption } from 'echarts';
import { metricOf } from '../../core/budget/metrics.ts';
import { describeObjective, type Objective, percent } from '../../core/budget/objective.ts';
import { formatEstimate } from '../../core/verdict/formatEstimate.ts';
import type { Judgement } from '../../core/verdict/verdict.ts';
import { FONT, PALETTE } from './palette.ts';
import type { PlotSize } from './renderSvg.ts';

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
