import { inWords, type Objective, quantileLabel } from '../../core/budget/objective.ts';
import type { MeasurementLine } from '../../core/record/measurementLine.ts';
import type { ModelCallLine } from '../../core/record/recordLine.ts';
import { measurementsOf, type RunRecord } from '../../core/record/runRecord.ts';
import { quantileRank } from '../../core/statistics/quantile.ts';
import type { ErrorRates } from '../../core/statistics/verdict.ts';
import { plainText } from '../../core/terminalText.ts';
import { formatValue } from '../../core/verdict/format.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import { deriveEventsOnce, isJudged } from '../../metrics/deriveEvents.ts';
import { baselineOf } from '../../metrics/regression.ts';
import { plotObjective } from '../charts/plotObjective.ts';
import type { Earlier } from '../charts/quantileChart.ts';
import { PALETTE } from '../charts/renderSvg.ts';
import {
  buildWaterfall,
  joinCalls,
  type SlowestRequest,
  timeOfModel,
} from '../charts/slowestRequest.ts';
import { waterfallChart } from '../charts/waterfallChart.ts';
import { describeLoad } from '../describeLoad.ts';
import { counted } from '../describeSummary.ts';
import type { RunHistory } from '../runHistory.ts';
import { auditsPart } from './audits.ts';
import type { Figures, Source } from './figures.ts';
import { latencyChart, pausesIn } from './latencyChart.ts';
import { loadChart } from './loadChart.ts';
import type { MeasurementList } from './measurementList.ts';
import { badge, nameOf, type Row, worseFirst } from './objectives.ts';
import { estimatesOf, SHOWN_RUNS } from './sparkline.ts';
import { type Html, html, LIST, list, table } from './template.ts';

/** What the figures of all operations are drawn from. */
type Given = {
  record: RunRecord;
  summary: Summary;
  history: RunHistory;
  reportDir: string | null;
  figures: Figures;
  measurements: MeasurementList;
};

/** A plot of a share judges its events once for each of its steps, which takes too long for the millions of a load. */
const MOST_EVENTS_OF_A_SHARE = 20_000;
/** Waterfalls of the slowest requests: more where there is something to find. */
const SLOWEST = { met: 1, notMet: 3 };
const ORDINALS = ['', 'second ', 'third '];

/** The figures of each operation, in the order of its worst objective. */
export function operationsSection(rows: Row[], given: Given): Html {
  const groups = [...Map.groupBy(rows, ({ objective }) => objective.operation).values()];
  const callsById = Map.groupBy(given.record.modelCalls, ({ scope, index }) => `${scope}-${index}`);
  const drawn = new Set<string>();
  const parts = groups.map((group) => operationPart(group, given, { callsById, drawn }));
  return html`<section aria-labelledby="operations"><h2 id="operations">By operation</h2>
${parts}${given.figures.describeLeftOut()}</section>`;
}

type Shared = {
  callsById: ReadonlyMap<string, ModelCallLine[]>;
  /** What was measured by the operations before: two of them may judge the same measurements. */
  drawn: Set<string>;
};

function operationPart(group: Row[], given: Given, { callsById, drawn }: Shared): Html | null {
  const [first] = group;
  if (first === undefined) return null;
  const { objective, mark, operationAnchor } = first;
  const { operation, workload, fault, spans } = objective;
  const { record, measurements } = given;
  const source = { anchor: measurements.anchorOf(objective) };
  const key = JSON.stringify([workload, fault, spans || operation]);
  const isNew = !drawn.has(key);
  drawn.add(key);
  const isLoad = record.loads.some((load) => load.workload === workload);
  const lines =
    isNew && !isLoad ? measurementsOf(record).filter((line) => isJudged(line, objective)) : [];
  const timed = lines.flatMap((line) => joinCalls(line, callsById.get(line.id) ?? []) ?? []);
  // All requests of a run are of many kinds: their slowest say nothing.
  const isWhole = spans && workload === null;
  const isOpen = mark === 'fail' || mark === 'inconclusive';
  const context = { ...given, objective, operation: inWords(operation), source };
  return html`<details class="operation" id="${operationAnchor}"${isOpen && html` open`}>
<summary><h3>${inWords(operation)}</h3> ${badge(mark)}</summary>
${plots(group, context)}
${isLoad && isNew && loadPart(workload, context)}
${lines.length > 0 && overTime(lines, workload, context)}
${auditsPart(lines, given.reportDir)}
${!isWhole && fault === null && [split(timed, context), slowest(timed, isOpen, context)]}
${!isWhole && fault !== null && retries(timed, context)}
</details>\n`;
}

type Context = Given & { objective: Objective; operation: string; source: Source };

/** A plot for each metric: of several quantiles that of the worst, and of these that of the highest. */
function plots(
  group: Row[],
  { record, summary, history, figures, source }: Context,
): (Html | null)[] {
  const { statistics } = record.run;
  const rates: ErrorRates = {
    ...statistics,
    objectivesInRun: Math.max(1, summary.objectives.length),
  };
  const byQuantile = (a: Row, b: Row) => (b.objective.quantile ?? 0) - (a.objective.quantile ?? 0);
  const sorted = group.toSorted((a, b) => worseFirst(a, b) || byQuantile(a, b));
  const first = new Map(sorted.toReversed().map((row) => [row.objective.metric.name, row]));
  const chosen = sorted.filter((row) => first.get(row.objective.metric.name) === row);
  return chosen.map(({ objective, judgement }) => {
    const { earlier, text } = behind(objective, group, { record, history });
    return figures.add(
      `${nameOf(objective)}.${text}`,
      () => {
        const series = deriveEventsOnce(objective, record);
        const isTooMany =
          objective.metric.chart === 'share so far' &&
          series.events.length > MOST_EVENTS_OF_A_SHARE;
        return isTooMany ? null : plotObjective({ objective, judgement, series, rates }, earlier);
      },
      source,
    );
  });
}

/** What stands behind a distribution: the medians of the baseline, and the quantiles of earlier runs. */
function behind(
  { operation, metric }: Objective,
  group: Row[],
  { record, history }: Pick<Given, 'record' | 'history'>,
): { earlier: Earlier[]; text: string } {
  if (metric.chart !== 'ECDF') return { earlier: [], text: '' };
  const sets = baselineOf({ operation, metric }, record.run.objectives)?.sets ?? [];
  const medians = sets.flatMap(({ values }) => values);
  const alike = group.filter(({ objective }) => objective.metric.name === metric.name);
  const runs = alike.flatMap(({ objective }) => {
    const { quantile } = objective;
    const values = estimatesOf(objective, history, record.run.id).slice(-SHOWN_RUNS);
    const last = values.at(-1);
    return quantile === null || last === undefined
      ? []
      : [{ quantile, values, last, colour: PALETTE.earlier, diameter: 8 }];
  });
  const shown = runs.map(({ quantile }) => `P${quantileLabel(quantile)}`);
  const n = Math.max(0, ...runs.map(({ values }) => values.length));
  const parts = [
    ...(n === 0
      ? []
      : [
          `${LIST.format(shown)} of ${counted(n, 'earlier run')} (grey dots${shown.length < 2 ? '' : ', those of the last joined by a line'})`,
        ]),
    ...(medians.length === 0
      ? []
      : [`the medians of the baseline (${medians.length} orange dots)`]),
  ];
  return {
    earlier: [...runs, { quantile: 0.5, values: medians, colour: PALETTE.baseline, diameter: 6 }],
    text: parts.length === 0 ? '' : ` Behind it: ${LIST.format(parts)}.`,
  };
}

function overTime(
  lines: MeasurementLine[],
  workload: string | null,
  context: Context,
): Html | null {
  const { operation, summary, record, figures, source } = context;
  const pauses = pausesIn(workload, summary, record.disturbances);
  const title = `${operation}: how long each took, over the run`;
  return figures.add(`${title}.`, () => latencyChart(title, lines, pauses), source);
}

const SPLIT_AT = [0.5, 0.75, 0.9, 0.95, 0.99];

/** The requests at some quantiles, with the time of the model and the target's own. */
function split(timed: SlowestRequest[], { operation, figures, source }: Context): Html | null {
  const called = timed
    .filter(({ request, calls }) => calls.length > 0 && request.failure === null)
    .sort((a, b) => a.totalMs - b.totalMs);
  const last = called.at(-1);
  if (called.length < 20 || last === undefined) return null;
  const chosen = SPLIT_AT.flatMap((quantile) => {
    const one = called[quantileRank(called.length, quantile) - 1];
    return one === undefined ? [] : [{ label: `P${quantile * 100}`, one }];
  });
  const rows = [...chosen, { label: 'slowest', one: last }].map(({ label, one }) => {
    const modelMs = timeOfModel(one);
    const ownMs = one.totalMs - modelMs;
    return {
      label,
      segments: [
        { name: 'model', fromMs: 0, toMs: modelMs },
        { name: 'own time', fromMs: modelMs, toMs: one.totalMs },
      ],
      note: `own time ${formatValue(ownMs, 'ms')}`,
    };
  });
  const title = `${operation}: own time and the model's time`;
  const caption = `${title}, of the requests at P50 to P99 and of the slowest of all ${called.length}.`;
  return figures.add(caption, () => waterfallChart({ title, totalMs: last.totalMs, rows }), source);
}

function slowest(timed: SlowestRequest[], isOpen: boolean, context: Context): (Html | null)[] {
  const { objective, operation, figures, measurements } = context;
  const answered = timed.filter(
    ({ request, calls }) => request.failure === null && (calls.length > 0 || 'phases' in request),
  );
  return answered
    .toSorted((a, b) => b.totalMs - a.totalMs)
    .slice(0, isOpen ? SLOWEST.notMet : SLOWEST.met)
    .map((one, at) =>
      figures.add(
        `${operation}: where the time of the ${ORDINALS[at]}slowest went.`,
        () => waterfallChart(buildWaterfall(one)),
        { anchor: measurements.anchorOf(objective, one.request.id) },
      ),
    );
}

/** The request with the most calls, as the provider saw them. */
function retries(timed: SlowestRequest[], { operation, figures, source }: Context): Html | null {
  const [most] = timed.toSorted((a, b) => b.calls.length - a.calls.length);
  if (most === undefined || most.calls.length === 0) return null;
  const caption = `${operation}: the request with the most calls of the model, each as the provider saw it.`;
  return figures.add(caption, () => waterfallChart(buildWaterfall(most)), source);
}

function loadPart(workload: string | null, { record, summary, figures, source }: Context): Html {
  const load = record.loads.find((one) => one.workload === workload);
  const summed = summary.loads.find((one) => one.workload === plainText(workload ?? ''));
  const described = summed === undefined ? null : describeLoad(summed);
  const caption = `${inWords(workload ?? '')}: rates, response times and CPU over the load. CPU is the mean of the load or of each of its steps: a target may collect its garbage for each reading.`;
  return html`${load !== undefined && figures.add(caption, () => loadChart(load, record.processes), source)}
${described !== null && html`<p>${described.model}.</p>`}
${described?.blocks.map((block) => {
  if (Array.isArray(block)) return list(block);
  const [name = ''] = block.head;
  return block.rows.length > 0 && table({ caption: name === '' ? 'times' : name, ...block });
})}`;
}
