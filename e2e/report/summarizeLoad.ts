import type { Objective } from '../core/budget/objective.ts';
import { describeLoadInterference, mostLateMs } from '../core/record/loadInterference.ts';
import type { LoadRequest } from '../core/record/loadLine.ts';
import { GrowingSample, LoadTable, responseMs } from '../core/record/loadTable.ts';
import type { ProcessLine } from '../core/record/recordLine.ts';
import { quantileRank, selectRanks } from '../core/statistics/quantile.ts';
import type { LoadPart, LoadResult, LoadSummary, Times } from '../core/verdict/loadSummary.ts';
import { summarizeProcesses } from './summarizeProcesses.ts';

/**
 * Sums up a load; null if no request of it is judged.
 * @param objectives of the run: those of this load decide how late requests may be sent
 */
export function summarizeLoad(
  table: LoadTable,
  processes: readonly ProcessLine[],
  objectives: readonly Objective[],
): LoadSummary | null {
  const result = summarizeRequests(table);
  if (result === null) return null;
  const { workload } = table;
  const ownProcesses = processes.filter((line) => line.workload === workload);
  const mostLate = Math.min(
    ...objectives.filter((one) => one.workload === workload).map(mostLateMs),
  );
  const isSearch = result.step.model === 'step';
  const describeInterference = (part: LoadTable, lines: readonly ProcessLine[]) =>
    describeLoadInterference(part, lines, mostLate);
  return {
    workload,
    result,
    // Each step has a doubt of its own: one may be too much for the harness, and the others not.
    doubt: isSearch ? null : describeInterference(table, ownProcesses),
    steps: isSearch ? summarizeSteps(table, ownProcesses, describeInterference) : [],
    processes: summarizeProcesses(ownProcesses),
  };
}

function summarizeSteps(
  table: LoadTable,
  processes: readonly ProcessLine[],
  describeInterference: (part: LoadTable, lines: readonly ProcessLine[]) => string | null,
): LoadSummary['steps'] {
  const steps = table.steps().flatMap(({ step: { ratePerSecond }, table: part }) => {
    const result = summarizeRequests(part);
    const lines = processes.filter((line) => line.ratePerSecond === ratePerSecond);
    return result === null ? [] : [{ ...result, doubt: describeInterference(part, lines) }];
  });
  return steps.sort((a, b) => (a.step.ratePerSecond ?? 0) - (b.step.ratePerSecond ?? 0));
}

/** Null without values. @throws RangeError for a time that is not finite */
function summarizeTimes(valuesMs: Float64Array): Times | null {
  const n = valuesMs.length;
  if (n === 0) return null;
  const [p50Ms, p95Ms, p99Ms, maxMs] = selectRanks(valuesMs, [
    quantileRank(n, 0.5),
    quantileRank(n, 0.95),
    quantileRank(n, 0.99),
    n,
  ]);
  return { n, p50Ms, p95Ms, p99Ms, maxMs };
}

/** Sums up requests by the name of their operation or tenant. */
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

  /** Ordered by name. */
  list(): LoadPart[] {
    const parts = [...this.#parts].map(([name, { response, ...counts }]) => ({
      name,
      ...counts,
      response: summarizeTimes(response.values),
    }));
    return parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those with the highest P95 first. One without any answer counts as the slowest. */
  slowest(most: number): LoadPart[] {
    const waited = ({ response }: LoadPart) => response?.p95Ms ?? Number.POSITIVE_INFINITY;
    // The difference of two infinite times is NaN.
    const slower = (a: LoadPart, b: LoadPart) =>
      waited(a) === waited(b) ? 0 : waited(b) - waited(a);
    return this.list().sort(slower).slice(0, most);
  }
}

const MOST_TENANTS = 10;
/** A target may describe each failure in other words. */
const MOST_KINDS = 10;

/** Sums up the requests of a load, in some dozens of bytes for each; null if none is judged. */
export function summarizeRequests(table: LoadTable): LoadResult | null {
  const { n } = table;
  const [first] = table.lines;
  if (first === undefined || n === 0) return null;
  const figures = new LoadFigures();
  for (const [fromMs, lines] of Map.groupBy(table.lines, (line) => line.fromMs)) {
    const span = new LoadTable(table.workload, lines);
    for (const request of span.judged()) figures.add(fromMs, request);
  }
  const total = table.lines.reduce((sum, { index }) => sum + index.length, 0);
  return { step: first.step, n, warmUp: total - n, ...figures.toResult(table) };
}

/** One after the other, in the same memory. */
function summarizeAllTimes(
  table: LoadTable,
): Pick<LoadResult, 'late' | 'response' | 'service' | 'own'> {
  const valuesMs = new Float64Array(table.n);
  const summarize = (read: (request: LoadRequest) => number | null) => {
    let n = 0;
    for (const request of table.judged()) {
      const ms = read(request);
      if (ms !== null) valuesMs[n++] = ms;
    }
    return summarizeTimes(valuesMs.subarray(0, n));
  };
  return {
    late: summarize(({ lateMs }) => lateMs),
    response: summarize((request) => (request.failure === null ? responseMs(request) : null)),
    service: summarize(({ failure, serviceMs }) => (failure === null ? serviceMs : null)),
    own: summarize(({ failure, serviceMs, modelMs }) =>
      failure !== null || serviceMs === null || modelMs === null ? null : serviceMs - modelMs,
    ),
  };
}

class LoadFigures {
  readonly #pace = new LoadPace();
  readonly #operations = new LoadParts();
  readonly #tenants = new LoadParts();
  readonly #failures = new Map<string, number>();
  #neverSent = 0;
  readonly #connections = { opened: 0, n: 0 };
  readonly #isolation = { checked: 0, foreign: 0 };

  add(fromMs: number, request: LoadRequest): void {
    const { lateMs, failure, isolated, connectionReused } = request;
    this.#pace.add(fromMs, request);
    this.#operations.add(request.operation, request);
    this.#tenants.add(request.tenant, request);
    if (lateMs === null) this.#neverSent++;
    if (failure !== null) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    if (connectionReused !== null) {
      this.#connections.n++;
      if (!connectionReused) this.#connections.opened++;
    }
    if (isolated !== null) {
      this.#isolation.checked++;
      if (!isolated) this.#isolation.foreign++;
    }
  }

  toResult(table: LoadTable): Omit<LoadResult, 'step' | 'n' | 'warmUp'> {
    const { seconds, offeredPerSecond, achievedPerSecond } = this.#pace;
    const kinds = [...this.#failures].map(([failure, n]) => ({ failure, n }));
    const failures = kinds.sort((a, b) => b.n - a.n).slice(0, MOST_KINDS);
    const sum = (some: { n: number }[]) => some.reduce((total, { n }) => total + n, 0);
    return {
      seconds,
      offeredPerSecond,
      achievedPerSecond,
      neverSent: this.#neverSent,
      failed: sum(kinds),
      failures,
      otherFailures: sum(kinds) - sum(failures),
      ...summarizeAllTimes(table),
      connections: this.#connections.n === 0 ? null : this.#connections,
      isolation: this.#isolation,
      operations: this.#operations.list(),
      tenants: { count: this.#tenants.count, slowest: this.#tenants.slowest(MOST_TENANTS) },
    };
  }
}

type Span = { requests: number; firstDueMs: number; lastDueMs: number; lastEndMs: number };

/** How fast requests were due and answered. Pauses, such as those between the steps of a search, do not count. */
class LoadPace {
  readonly #spans = new Map<number, Span>();
  #answered = 0;

  /** @param fromMs start of the span that the request belongs to */
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

  /** From the first intended start to the last; null if that takes no time. */
  get seconds(): number | null {
    return positive(this.#sum(({ firstDueMs, lastDueMs }) => (lastDueMs - firstDueMs) / 1000));
  }

  /** Intended starts a second. The first of each span marks its beginning and does not count. */
  get offeredPerSecond(): number | null {
    const { seconds } = this;
    return seconds === null ? null : this.#sum(({ requests }) => requests - 1) / seconds;
  }

  /** Answers a second, from the first intended start to the last end. */
  get achievedPerSecond(): number | null {
    const seconds = positive(
      this.#sum(({ firstDueMs, lastEndMs }) => (lastEndMs - firstDueMs) / 1000),
    );
    return seconds === null ? null : this.#answered / seconds;
  }

  #sum(measure: (span: Span) => number): number {
    return [...this.#spans.values()].reduce((sum, span) => sum + measure(span), 0);
  }
}

function positive(seconds: number): number | null {
  return seconds > 0 ? seconds : null;
}
