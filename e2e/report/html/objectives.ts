import type { Topic } from '../../core/budget/metric.ts';
import {
  describeObjective,
  inWords,
  nameMetric,
  type Objective,
  percent,
} from '../../core/budget/objective.ts';
import type { RunRecord } from '../../core/record/runRecord.ts';
import { plainText, shortText } from '../../core/terminalText.ts';
import {
  formatCount,
  formatEstimate,
  formatValue,
  statisticLabel,
} from '../../core/verdict/format.ts';
import type { Summary } from '../../core/verdict/runSummary.ts';
import { deriveEventsOnce } from '../../metrics/deriveEvents.ts';
import { describeSlowest, findSlowestRequest } from '../charts/slowestRequest.ts';
import { chooseMark, counted, formatMark, type Mark } from '../describeSummary.ts';
import { nextSteps, type Rerun } from '../nextSteps.ts';
import { formatCells, SIGNS } from '../objectiveRows.ts';
import type { RunHistory } from '../runHistory.ts';
import { intervalScale } from './intervalScale.ts';
import { MAX_CHARACTERS, type MeasurementList, timeOfDay } from './measurementList.ts';
import { estimatesOf, sparkline } from './sparkline.ts';
import { type Html, html, linesOf, list } from './template.ts';

/** A judged objective as a row of the page. */
export type Row = {
  /** Its id as an anchor. */
  anchor: string;
  /** The anchor of its operation. */
  operationAnchor: string;
  objective: Objective;
  judgement: Summary['objectives'][number];
  mark: Mark;
  topic: Topic;
};

export const WORST_FIRST: Mark[] = ['fail', 'inconclusive', 'knownGap', 'pass'];

/** The judged objectives with the worst first. */
export function judgedRows({ objectives }: Summary, record: RunRecord): Row[] {
  const operations = [...new Set(record.run.objectives.map(({ operation }) => operation))];
  const topicOf = topics(record);
  const rows = objectives.flatMap((judgement, at): Row[] => {
    const { id } = judgement;
    // The texts of a summary are plain.
    const found = record.run.objectives.find((one) => plainText(one.id) === id);
    if (found === undefined) return [];
    // The judged objective itself, whose events are known: deriving those of millions of requests anew takes seconds.
    const objective = found.id === id ? found : { ...found, id };
    const operationAnchor = `operation-${operations.indexOf(objective.operation) + 1}`;
    const mark = chooseMark(judgement);
    const topic = topicOf(objective);
    return [{ anchor: `objective-${at + 1}`, operationAnchor, objective, judgement, mark, topic }];
  });
  return rows.sort(worseFirst);
}

export function worseFirst(one: { mark: Mark }, other: { mark: Mark }): number {
  return WORST_FIRST.indexOf(one.mark) - WORST_FIRST.indexOf(other.mark);
}

const PAGE_LINES = ['iteration', 'visit', 'audit'];

/** What an objective is about: a fault, a load or the page if its operation is one, else what its metric is about. */
function topics({ loads, samples }: RunRecord): (objective: Objective) => Topic {
  const loaded = new Set<string | null>(loads.map(({ workload }) => workload));
  const onPage = samples.filter(({ type }) => PAGE_LINES.includes(type));
  const paged = new Set<string | null>(onPage.map(({ workload }) => workload));
  return ({ fault, workload, metric: { topic } }) => {
    if (fault !== null) return 'misbehavingModel';
    if (topic === 'memory') return topic;
    if (loaded.has(workload)) return 'load';
    return paged.has(workload) ? 'page' : topic;
  };
}

const TITLES: Record<Topic, string> = {
  speed: 'Speed and calls of the model',
  availability: 'Availability',
  tenants: 'Tenants are kept apart',
  misbehavingModel: 'When the model misbehaves',
  page: 'The page',
  memory: 'Memory',
  load: 'Under load',
  history: 'Compared with earlier runs',
};

type Given = {
  record: RunRecord;
  /** The command that judges an objective again. */
  rerunOf: (id: string) => Rerun;
  history: RunHistory;
  measurements: MeasurementList;
};

/** All objectives by topic, the topic with the worst one first. */
export function objectivesSection(rows: Row[], given: Given): Html {
  const groups = [...Map.groupBy(rows, ({ topic }) => topic)];
  return html`<section aria-labelledby="objectives"><h2 id="objectives">Objectives</h2>
${rows.length === 0 && html`<p>No objective was judged.</p>`}
${groups.map(
  ([topic, those]) => html`<h3>${TITLES[topic]} <small>${describeMarks(those)}</small></h3>
<div class="row head" aria-hidden="true"><span>verdict</span><span>what</span><span>measured</span><span class="scale-head"><span>less</span><span>allowed</span><span>more</span></span><span>objective</span><span>events</span></div>
${those.map((row) => objectiveRow(row, given))}`,
)}</section>`;
}

/** `1 missed, 7 met`. */
function describeMarks(rows: Row[]): string {
  const words = {
    fail: 'missed',
    inconclusive: 'inconclusive',
    knownGap: 'known gap',
    pass: 'met',
  };
  return WORST_FIRST.flatMap((mark) => {
    const n = rows.filter((row) => row.mark === mark).length;
    return n === 0 ? [] : [`${n} ${words[mark]}`];
  }).join(', ');
}

export function badge(mark: Mark): Html {
  return html`<span class="badge ${mark}"><span aria-hidden="true">${SIGNS[mark]}</span> ${formatMark(mark)}</span>`;
}

/** Open if there is something to do about it. */
function objectiveRow(row: Row, given: Given): Html {
  const { anchor, objective, judgement, mark } = row;
  const [, , , measured, interval, limit, events] = formatCells({ objective, judgement }, false);
  const label = `${formatEstimate(objective, judgement)}; ${describeObjective(objective)}`;
  const isOpen = mark === 'fail' || mark === 'inconclusive';
  return html`<details class="objective" id="${anchor}"${isOpen && html` open`}>
<summary class="row"><span>${badge(mark)}</span><span class="what">${nameOf(objective)}</span><span class="figure">${measured} <small>${interval}</small>${sparkline(estimatesOf(objective, given.history), objective.unit)}</span><span class="${mark}">${intervalScale(objective, judgement, label)}</span><span class="figure">${limit}</span><span class="figure">${events}</span></summary>
${explanation(row, given)}</details>\n`;
}

/** `hung model: own time P95`. */
export function nameOf(objective: Objective): string {
  const { operation, metric, quantile } = objective;
  const statistic = quantile === null ? '' : ` ${statisticLabel(objective)}`;
  return `${inWords(operation)}: ${nameMetric(metric)}${statistic}`;
}

function explanation(row: Row, given: Given): Html {
  const { objective, judgement, mark, operationAnchor } = row;
  const { reason, knownGap, confidence, n, bad, failed, setAside } = judgement;
  const counts = [
    `${counted(n, 'event')} judged`,
    `${formatCount(bad)} bad`,
    `${counted(failed, 'request')} failed`,
    ...(setAside === 0 ? [] : [`${formatCount(setAside)} set aside`]),
  ];
  const isOpen = mark === 'fail' || mark === 'inconclusive';
  return html`<div class="explanation">
<p><strong>Why:</strong> ${reason}.</p>
${knownGap !== null && html`<p>The budget admits this miss: see the <a href="#gaps">known gap ${knownGap}</a>.</p>`}
${isOpen && slowest(objective, given)}
${isOpen && html`<p><strong>Next:</strong></p>${list(nextSteps(objective, judgement, given.rerunOf(objective.id)).map(linesOf))}`}
<p class="muted">${describeLimit(objective)} ${formatEstimate(objective, judgement)} at ${percent(confidence)} confidence: ${counts.join(', ')}. Id: <code>${objective.id}</code>. <a href="#${operationAnchor}">Figures of ${inWords(objective.operation)}</a></p>
</div>`;
}

/** Which event was the slowest, and why; null if the objective is not about time, or the record keeps no single requests. */
function slowest(objective: Objective, { record, measurements }: Given): Html | null {
  if (record.loads.some(({ workload }) => workload === objective.workload)) return null;
  const found = findSlowestRequest(objective, deriveEventsOnce(objective, record), record);
  if (found === null) return null;
  const { id, sentAtMs } = found.request;
  const name = ('requestId' in found.request ? found.request.requestId : null) ?? id;
  const anchor = measurements.anchorOf(objective, id);
  return html`<p><strong>Slowest:</strong> <a href="#${anchor}">${shortText(name, MAX_CHARACTERS)}</a> at ${timeOfDay(sentAtMs)} ${describeSlowest(found) ?? `took ${formatValue(found.totalMs, 'ms')}`}.</p>`;
}

const WITHOUT_SHARE: string[] = ['growth', 'capacity', 'regression'];

/** What the objective asks for, in a sentence. */
function describeLimit(objective: Objective): string {
  const { metric, allowedShare } = objective;
  if (WITHOUT_SHARE.includes(metric.kind)) {
    return `The objective is ${describeObjective(objective)}.`;
  }
  const allowed = allowedShare === 0 ? 'not one' : `at most ${percent(allowedShare)}`;
  return `Events that ${metric.describeBad(objective)} are bad: ${allowed} may be.`;
}
