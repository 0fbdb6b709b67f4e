import { inWords } from '../../core/budget/objective.ts';
import type { LoadTable } from '../../core/record/loadTable.ts';
import { responseMs } from '../../core/record/loadTable.ts';
import type { MeasurementLine } from '../../core/record/measurementLine.ts';
import { measurementsOf, type RunRecord } from '../../core/record/runRecord.ts';
import { shortText } from '../../core/terminalText.ts';
import { formatCount, formatValue } from '../../core/verdict/format.ts';
import { tookMs } from './latencyChart.ts';
import { type Html, html } from './template.ts';

/** Of each group, at most these numbers are listed. */
const MOST = { failed: 20, slowest: 5, sample: 5 };
export const MAX_CHARACTERS = 200;
/** Of all that are listed, paper shows the first. */
const MOST_PRINTED = 50;

type Why = keyof typeof MOST;

type Measurement = {
  id: string;
  /** In the log of the target; null: it has none. */
  requestId: string | null;
  atMs: number;
  tenant: string | null;
  ms: number | null;
  failure: string | null;
  /** What a check objected to. */
  objection: string | null;
};

type Listed = Measurement & { why: Why };

/** Picks what is listed of a stream of measurements, without keeping the others. */
class Picker {
  readonly #step: number;
  readonly #failed: Measurement[] = [];
  readonly #slowest: Measurement[] = [];
  readonly #sample: Measurement[] = [];
  n = 0;
  failures = 0;

  /** @param expected number of measurements, over which the sample is spread evenly */
  constructor(expected: number) {
    this.#step = Math.max(1, Math.ceil(expected / MOST.sample));
  }

  /** @param make is called for those that are kept, since the given one may be a cursor */
  add(failure: string | null, ms: number | null, make: () => Measurement): void {
    const at = this.n++;
    if (failure !== null) {
      if (this.failures++ < MOST.failed) this.#failed.push(make());
      return;
    }
    const least = this.#slowest[MOST.slowest - 1]?.ms ?? Number.NEGATIVE_INFINITY;
    if (ms !== null && ms > least) {
      this.#slowest.push(make());
      this.#slowest.sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0));
      this.#slowest.length = Math.min(this.#slowest.length, MOST.slowest);
    }
    if (at % this.#step === 0) this.#sample.push(make());
  }

  picked(): Listed[] {
    const slow = new Set(this.#slowest.map(({ id }) => id));
    const listedAs = (why: Why, some: Measurement[]) => some.map((one) => ({ why, ...one }));
    return [
      ...listedAs('failed', this.#failed),
      ...listedAs('slowest', this.#slowest),
      ...listedAs(
        'sample',
        this.#sample.filter(({ id }) => !slow.has(id)),
      ),
    ];
  }
}

/** The measurements of one operation in one workload. */
type Group = {
  anchor: string;
  workload: string;
  operation: string;
  picker: Picker;
  listed: Listed[];
};

/** The groups of a record's measurements, and where those of an objective are listed. */
export class MeasurementList {
  readonly #groups: Group[];
  /** Ids. */
  readonly #listed: ReadonlySet<string>;

  constructor(record: RunRecord) {
    const lines = measurementsOf(record).filter(({ warmUp }) => !warmUp);
    const byGroup = Map.groupBy(lines, ({ workload, operation }) =>
      JSON.stringify([workload, operation]),
    );
    const ofLines = [...byGroup.values()].map((those) => {
      const { workload, operation } = those[0] as MeasurementLine;
      return { workload, operation, picker: pickLines(those) };
    });
    const ofLoads = record.loads.map((load) => {
      return { workload: load.workload, operation: 'all requests', picker: pickRequests(load) };
    });
    this.#groups = [...ofLines, ...ofLoads].map((group, at) => {
      return { anchor: `measurements-${at + 1}`, ...group, listed: group.picker.picked() };
    });
    this.#listed = new Set(this.#groups.flatMap(({ listed }) => listed.map(({ id }) => id)));
  }

  /**
   * The anchor of a measurement if it is listed, else of the first group that an objective judges, else of all measurements.
   */
  anchorOf(
    { workload, operation }: { workload: string | null; operation: string },
    id?: string,
  ): string {
    if (id !== undefined && this.#listed.has(id)) return rowAnchor(id);
    const mine = this.#groups.filter((group) => group.workload === workload);
    const group = mine.find((one) => one.operation === operation) ?? mine[0];
    return group?.anchor ?? 'measurements';
  }

  section(recordFile: string): Html {
    const total = this.#groups.reduce((sum, { picker }) => sum + picker.n, 0);
    let before = 0;
    const groups = this.#groups.map((group) => {
      const rows = groupRows(group, before);
      before += group.listed.length;
      return rows;
    });
    return html`<section aria-labelledby="measurements"><h2 id="measurements">Measurements</h2>
<p>Listed are ${formatCount(this.#listed.size)} of ${formatCount(total)} measurements: of each operation up to ${MOST.failed} that failed, the ${MOST.slowest} slowest, and up to ${MOST.sample} of the rest, evenly spread over the run. <a href="${recordFile}">${recordFile}</a> holds all of them.</p>
${this.#listed.size > MOST_PRINTED && html`<p class="printed">Printed are the first ${MOST_PRINTED} of them.</p>`}
<div id="filter" role="search" hidden><label>Find <input id="filter-text" type="search" placeholder="operation, tenant, id or failure"></label> <label>Show <select id="filter-why"><option value="">all that are listed</option><option value="failed">failed</option><option value="slowest">slowest</option><option value="sample">sample of the rest</option></select></label> <span id="filter-count" role="status"></span></div>
<table class="measurements"><caption>Times are in UTC.</caption>
<thead><tr><th scope="col">listed as</th><th scope="col">time</th><th scope="col">took</th><th scope="col">tenant</th><th scope="col">what happened</th><th scope="col">request</th></tr></thead>
${groups}</table></section>`;
  }
}

function pickLines(lines: readonly MeasurementLine[]): Picker {
  const picker = new Picker(lines.length);
  for (const line of lines) {
    const ms = tookMs(line);
    picker.add(line.failure, ms, () => ({
      id: line.id,
      requestId: ('requestId' in line ? line.requestId : null) ?? null,
      atMs: line.sentAtMs,
      tenant: ('tenant' in line ? line.tenant : null) ?? null,
      ms,
      failure: line.failure,
      objection: 'objection' in line ? line.objection : null,
    }));
  }
  return picker;
}

function pickRequests(load: LoadTable): Picker {
  const picker = new Picker(load.n);
  for (const row of load.judged()) {
    const ms = responseMs(row);
    picker.add(row.failure, ms, () => {
      const { id, dueAtMs: atMs, tenant, failure } = row;
      return { id, requestId: null, atMs, tenant, ms, failure, objection: null };
    });
  }
  return picker;
}

/** @param before number of measurements that are listed before this group */
function groupRows({ anchor, workload, operation, picker, listed }: Group, before: number): Html {
  const { n, failures } = picker;
  const failed = failures === 0 ? 'none failed' : `${formatCount(failures)} failed`;
  return html`<tbody id="${anchor}" data-group="${workload} ${operation}"${before >= MOST_PRINTED && html` class="not-printed"`}><tr><th scope="rowgroup" colspan="6">${inWords(workload)}: ${inWords(operation)} <small>${formatCount(n)} measured, ${failed}</small></th></tr>
${listed.map((one, at) => measurementRow(one, before + at < MOST_PRINTED))}</tbody>`;
}

function measurementRow(measurement: Listed, isPrinted: boolean): Html {
  const { why, id, requestId, atMs, tenant, ms, failure, objection } = measurement;
  const happened = [failure, objection].filter((text) => text !== null).join('; ');
  return html`<tr id="${rowAnchor(id)}" data-why="${why}"${!isPrinted && html` class="not-printed"`}><td class="figure">${why}</td><td class="figure">${timeOfDay(atMs)}</td><td class="figure">${ms === null ? '–' : formatValue(ms, 'ms')}</td><td>${shortText(tenant ?? '', MAX_CHARACTERS)}</td><td>${happened === '' ? 'no failure' : shortText(happened, MAX_CHARACTERS)}</td><td><code>${shortText(requestId ?? id, MAX_CHARACTERS)}</code></td></tr>\n`;
}

function rowAnchor(id: string): string {
  return `measured-${id}`;
}

/** In UTC. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 23);
}
