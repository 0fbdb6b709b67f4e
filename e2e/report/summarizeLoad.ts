import type { Objective } from '../core/budget/objective.ts';
import { describeLoadInterference, mostLateMs } from '../core/record/loadInterference.ts';
import type { LoadRequest } from '../core/record/loadLine.ts';
import { GrowingSample, LoadTable, responseMs } from '../core/record/loadTable.ts';
import type { ProcessLine } from '../core/record/recordLine.ts';
import { quantile, sortInPlace, valueOfRank } from '../core/statistics/quantile.ts';
import type {
  LoadPart,
  LoadResult,
  LoadSummary,
  ProcessResult,
  Times,
} from '../core/verdict/loadSummary.ts';

/**
 * Sums up a load; null if nothing of it is judged.
 * @param objectives of the run: those of this load say how late requests may be sent
 */
export function summarizeLoad(
  table: LoadTable,
  processes: readonly ProcessLine[],
  objectives: readonly Objective[],
): LoadSummary | null {
  const result = resultOfLoad(table);
  if (result === null) return null;
  const { workload } = table;
  const mine = processes.filter((line) => line.workload === workload);
  const mostLate = Math.min(
    ...objectives.filter((one) => one.workload === workload).map(mostLateMs),
  );
  const isSearch = result.step.model === 'step';
  const interferenceOf = (part: LoadTable, of: readonly ProcessLine[]) =>
    describeLoadInterference(part, of, mostLate);
  return {
    workload,
    result,
    // A step that was too much for the harness says nothing of the others.
    doubt: isSearch ? null : interferenceOf(table, mine),
    steps: isSearch ? stepsOf(table, mine, interferenceOf) : [],
    processes: resultsOfProcesses(mine),
  };
}

function stepsOf(
  table: LoadTable,
  processes: readonly ProcessLine[],
  interferenceOf: (part: LoadTable, of: readonly ProcessLine[]) => string | null,
): LoadSummary['steps'] {
  const steps = table.steps().flatMap(({ step: { ratePerSecond }, table: part }) => {
    const result = resultOfLoad(part);
    const ofStep = processes.filter((line) => line.ratePerSecond === ratePerSecond);
    return result === null ? [] : [{ ...result, doubt: interferenceOf(part, ofStep) }];
  });
  return steps.sort((a, b) => rateOf(a) - rateOf(b));
}

function rateOf({ step }: LoadResult): number {
  return step.ratePerSecond ?? 0;
}

/** Sorts the times; null of none. @throws RangeError for a time that is not finite */
function timesOf(valuesMs: Float64Array): Times | null {
  const n = valuesMs.length;
  if (n === 0) return null;
  const sample = sortInPlace(valuesMs);
  return {
    n,
    p50Ms: quantile(sample, 0.5),
    p95Ms: quantile(sample, 0.95),
    p99Ms: quantile(sample, 0.99),
    maxMs: valueOfRank(sample, n),
  };
}

/** Sums up the requests of a load by the name of their operation or tenant. */
class LoadParts {
  readonly #parts = new Map<string, { n: number; failed: number; response: GrowingSample }>();

  add(name: string, request: LoadRequest): void {
    const part = this.#parts.get(name) ?? { n: 0, failed: 0, response: new GrowingSample() };
    this.#parts.set(name, part);
    part.n++;
    if (request.failure !== null) part.failed++;
    const ms = request.failure === null ? responseMs(request) : null;
    if (ms !== null) part.response.add(ms);
  }

  get count(): number {
    return this.#parts.size;
  }

  /** In the order of their names. */
  list(): LoadPart[] {
    const parts = [...this.#parts].map(([name, { response, ...counts }]) => ({
      name,
      ...counts,
      response: timesOf(response.values),
    }));
    return parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those with the highest P95 first; one without an answer has waited longest. */
  slowest(most: number): LoadPart[] {
    const waited = ({ response }: LoadPart) => response?.p95Ms ?? Number.POSITIVE_INFINITY;
    // The difference of two that are infinite is NaN.
    const slower = (a: LoadPart, b: LoadPart) =>
      waited(a) === waited(b) ? 0 : waited(b) - waited(a);
    return this.list().sort(slower).slice(0, most);
  }
}

const MOST_TENANTS = 10;
/** A target may word each failure differently. */
const MOST_KINDS = 10;

/** The figures of a load, in some dozens of bytes a request; null if nothing of it is judged. */
export function resultOfLoad(table: LoadTable): LoadResult | null {
  const { n } = table;
  const [first] = table.lines;
  if (first === undefined || n === 0) return null;
  const figures = new LoadFigures(n);
  for (const [fromMs, lines] of Map.groupBy(table.lines, (line) => line.fromMs)) {
    const span = new LoadTable(table.workload, lines);
    for (const request of span.judged()) figures.add(fromMs, request);
  }
  const total = table.lines.reduce((sum, { index }) => sum + index.length, 0);
  return { step: first.step, n, warmUp: total - n, ...figures.toResult() };
}

class LoadFigures {
  readonly #pace = new LoadPace();
  readonly #operations = new LoadParts();
  readonly #tenants = new LoadParts();
  readonly #failures = new Map<string, number>();
  readonly #times;
  #neverSent = 0;
  readonly #connections = { opened: 0, n: 0 };
  readonly #isolation = { checked: 0, foreign: 0 };

  constructor(expected: number) {
    this.#times = {
      late: new GrowingSample(expected),
      response: new GrowingSample(expected),
      service: new GrowingSample(expected),
      own: new GrowingSample(expected),
    };
  }

  add(fromMs: number, request: LoadRequest): void {
    const { lateMs, failure, isolated, connectionReused } = request;
    this.#pace.add(fromMs, request);
    this.#operations.add(request.operation, request);
    this.#tenants.add(request.tenant, request);
    if (lateMs === null) this.#neverSent++;
    else this.#times.late.add(lateMs);
    if (failure === null) this.#addTimes(request);
    else this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    if (connectionReused !== null) {
      this.#connections.n++;
      if (!connectionReused) this.#connections.opened++;
    }
    if (isolated !== null) {
      this.#isolation.checked++;
      if (!isolated) this.#isolation.foreign++;
    }
  }

  #addTimes(request: LoadRequest): void {
    const { serviceMs, modelMs } = request;
    const ms = responseMs(request);
    if (ms !== null) this.#times.response.add(ms);
    if (serviceMs === null) return;
    this.#times.service.add(serviceMs);
    if (modelMs !== null) this.#times.own.add(serviceMs - modelMs);
  }

  toResult(): Omit<LoadResult, 'step' | 'n' | 'warmUp'> {
    const { seconds, offeredPerSecond, achievedPerSecond } = this.#pace;
    const kinds = [...this.#failures].map(([failure, n]) => ({ failure, n }));
    const failures = kinds.sort((a, b) => b.n - a.n).slice(0, MOST_KINDS);
    const sum = (some: { n: number }[]) => some.reduce((total, { n }) => total + n, 0);
    const { late, response, service, own } = this.#times;
    return {
      seconds,
      offeredPerSecond,
      achievedPerSecond,
      neverSent: this.#neverSent,
      failed: sum(kinds),
      failures,
      otherFailures: sum(kinds) - sum(failures),
      late: timesOf(late.values),
      response: timesOf(response.values),
      service: timesOf(service.values),
      own: timesOf(own.values),
      connections: this.#connections.n === 0 ? null : this.#connections,
      isolation: this.#isolation,
      operations: this.#operations.list(),
      tenants: { count: this.#tenants.count, slowest: this.#tenants.slowest(MOST_TENANTS) },
    };
  }
}

type Span = { requests: number; firstDueMs: number; lastDueMs: number; lastEndMs: number };

/**
 * How fast requests were due and answered. A load may have pauses, as between the steps of a search: these do not count.
 */
class LoadPace {
  readonly #spans = new Map<number, Span>();
  #answered = 0;

  /** @param fromMs start of the span, from which intended starts count */
  add(fromMs: number, request: LoadRequest): void {
    const { dueAtMs, failure } = request;
    const endMs = dueAtMs + (responseMs(request) ?? 0);
    const span = this.#spans.get(fromMs);
    if (failure === null) this.#answered++;
    if (span === undefined) {
      const first = { requests: 1, firstDueMs: dueAtMs, lastDueMs: dueAtMs, lastEndMs: endMs };
      this.#spans.set(fromMs, first);
      return;
    }
    span.requests++;
    span.firstDueMs = Math.min(span.firstDueMs, dueAtMs);
    span.lastDueMs = Math.max(span.lastDueMs, dueAtMs);
    span.lastEndMs = Math.max(span.lastEndMs, endMs);
  }

  /** From the first intended start to the last; null if that is no time. */
  get seconds(): number | null {
    return positive(this.#sum(({ firstDueMs, lastDueMs }) => (lastDueMs - firstDueMs) / 1000));
  }

  /** Intended starts in that time, without the first, at which it begins. */
  get offeredPerSecond(): number | null {
    const { seconds } = this;
    return seconds === null ? null : this.#sum(({ requests }) => requests - 1) / seconds;
  }

  /** Answers over the time from the first intended start to the last end. */
  get achievedPerSecond(): number | null {
    const seconds = positive(
      this.#sum(({ firstDueMs, lastEndMs }) => (lastEndMs - firstDueMs) / 1000),
    );
    return seconds === null ? null : this.#answered / seconds;
  }

  #sum(of: (span: Span) => number): number {
    return [...this.#spans.values()].reduce((sum, span) => sum + of(span), 0);
  }
}

function positive(seconds: number): number | null {
  return seconds > 0 ? seconds : null;
}

/** Sums up each process at each rate, in the order of the rates. Times without a figure are left out. */
export function resultsOfProcesses(lines: readonly ProcessLine[]): ProcessResult[] {
  const groups = Map.groupBy(lines, (line) => `${line.process} ${line.ratePerSecond}`);
  const results = [...groups.values()].map((group) => {
    const { process: name, ratePerSecond } = group[0] as ProcessLine;
    const greatest = (key: 'residentBytes' | 'heapUsedBytes' | 'eventLoopDelayP99Ms') =>
      greatestOf(group.map((line) => line[key]));
    return {
      process: name,
      ratePerSecond,
      cpuShare: cpuShareOf(group),
      residentBytes: greatest('residentBytes'),
      heapUsedBytes: greatest('heapUsedBytes'),
      eventLoopDelayP99Ms: greatest('eventLoopDelayP99Ms'),
    };
  });
  const place = (result: ProcessResult) => ORDER.indexOf(result.process);
  return results.sort(
    (a, b) => (a.ratePerSecond ?? 0) - (b.ratePerSecond ?? 0) || place(a) - place(b),
  );
}

const ORDER = ['target', 'model', 'harness'];

/** CPU time over time: the mean of the shares, weighted by duration. */
function cpuShareOf(lines: readonly ProcessLine[]): number | null {
  const known = lines.flatMap(({ cpuShare, durationMs }) =>
    cpuShare === null ? [] : [{ cpuMs: cpuShare * durationMs, durationMs }],
  );
  const durationMs = known.reduce((sum, one) => sum + one.durationMs, 0);
  return durationMs === 0 ? null : known.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / durationMs;
}

function greatestOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
