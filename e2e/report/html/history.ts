import { inWords, nameMetric, type Objective } from '../../core/budget/objective.ts';
import { formatValue } from '../../core/verdict/format.ts';
import { errorBudgetOf } from '../../history/errorBudget.ts';
import { flakesOf } from '../../history/flakes.ts';
import { describeMoves, stabilityLines } from '../../history/historyText.ts';
import type { Trend } from '../../history/trends.ts';
import { baselineOf } from '../../metrics/regression.ts';
import { counted } from '../describeSummary.ts';
import type { RunHistory } from '../runHistory.ts';
import type { Figures } from './figures.ts';
import type { MeasurementList } from './measurementList.ts';
import { SHOWN_RUNS, sparkline } from './sparkline.ts';
import { type Html, html, list, table } from './template.ts';
import { trendChart } from './trendChart.ts';

type Given = {
  objectives: readonly Objective[];
  history: RunHistory;
  figures: Figures;
  measurements: MeasurementList;
};

/** How the figures of the runs moved, their flake rate and error budget; null without a history. */
export function historySection(given: Given): Html | null {
  const { runs, comparable, trends } = given.history;
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return null;
  const stability = { flakes: flakesOf(runs), availability: errorBudgetOf(runs) };
  const [moved, steady] = [true, false].map((wanted) =>
    trends.filter(({ changes }) => changes.length > 0 === wanted),
  ) as [Trend[], Trend[]];
  return html`<section aria-labelledby="history"><h2 id="history">History</h2>
<p>${counted(runs.length, 'run')} of ${last.target} from ${first.startedAt.slice(0, 10)} to ${last.startedAt.slice(0, 10)}. Compared are the ${comparable.length} of them that ran in the environment of this one.</p>
${list(stabilityLines(stability))}
${table({
  caption: 'The median of each figure',
  head: ['figure', `last ${SHOWN_RUNS} runs`, 'last', 'moved'],
  rows: [...moved, ...steady].map(({ id, unit, points, changes }) => {
    const values = points.map(({ value }) => value);
    const shown = formatValue(values.at(-1) ?? 0, unit);
    return [
      id,
      sparkline(values, unit),
      shown,
      changes.length === 0 ? 'no' : describeMoves(changes),
    ];
  }),
})}
${moved.map((trend) => trendFigure(trend, given))}
${steady.length > 0 && html`<details><summary>${counted(steady.length, 'figure')} that did not move</summary>${steady.map((trend) => trendFigure(trend, given))}</details>`}
</section>`;
}

function trendFigure(trend: Trend, { objectives, figures, measurements }: Given): Html | null {
  const objective = objectives.find(
    ({ operation, metric }) => `${operation}.${metric.name}` === trend.id,
  );
  if (objective === undefined || trend.points.length < 2) return null;
  const name = `${inWords(objective.operation)}: ${nameMetric(objective.metric)}`;
  const caption = `${name}, the median of each run.`;
  const anchor = measurements.anchorOf(objective);
  return figures.add(caption, () => trendChart(name, trend, baselineOf(objective, objectives)), {
    anchor,
  });
}
