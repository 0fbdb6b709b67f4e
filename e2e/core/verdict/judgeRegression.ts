import type { Objective } from '../budget/objective.ts';
import type { EventSeries } from '../record/event.ts';
import { compareWithBaselines } from '../statistics/compareWithBaseline.ts';
import { median } from '../statistics/quantile.ts';
import type { TestLevels } from '../statistics/verdict.ts';
import { formatCount, formatNumber, formatValue } from './format.ts';
import type { Decision } from './judgement.ts';

/** Judges the median of a run by the latest accepted baseline and by the oldest, which shows a slow creep. */
export function judgeRegression(
  { objective: mostRatio, sampleBudget, baseline }: Objective,
  { events }: EventSeries,
  levels: TestLevels,
): Decision {
  const { unit: figureUnit, sets } = baseline as NonNullable<Objective['baseline']>;
  const figure = median(events.map(({ value }) => value ?? Number.NaN));
  const open = { verdict: 'inconclusive', stillNeeded: null } as const;
  if (figure <= 0) return { ...open, reason: `a median of ${figure} has no ratio to a baseline` };
  const baselines = sets.map(({ values }) => values);
  const plan = { mostRatio, ...levels };
  const { comparisons, verdict } = compareWithBaselines(baselines, figure, plan);
  const found = sets.map(({ name, until, values }, at) => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const range = [least, most].map((value) => formatNumber(value, figureUnit)).join('–');
    const { centre, ratio, interval } = comparisons[at] as (typeof comparisons)[number];
    const ends = interval.map((end) => end.toFixed(2)).join('–');
    return `${name} of ${until} ${formatValue(centre, figureUnit)} (${values.length} runs, ${range}): ×${ratio.toFixed(2)}, ${ends}`;
  });
  const seen = `median ${formatValue(figure, figureUnit)}; ${found.join('; ')}; less than ×${mostRatio} is allowed`;
  // The worst of those that decide.
  const shown = comparisons
    .filter((one) => one.verdict === verdict)
    .reduce((worst, one) => (one.ratio > worst.ratio ? one : worst));
  const compared = { estimate: shown.ratio, interval: shown.interval };
  const lacking = sampleBudget - events.length;
  if (verdict !== 'fail' && lacking > 0) {
    const few = `${formatCount(lacking)} of ${formatCount(sampleBudget)} values are missing`;
    return { ...compared, ...open, reason: `${seen}; ${few}`, stillNeeded: lacking };
  }
  if (verdict !== 'inconclusive') return { ...compared, verdict, reason: seen, stillNeeded: null };
  const { runsNeeded } = shown;
  const remedy =
    runsNeeded === null
      ? 'it is so near that one run cannot tell, whatever the baseline'
      : `a baseline of ${runsNeeded} runs that scatter like these would tell`;
  return { ...compared, ...open, reason: `${seen}; ${remedy}` };
}
