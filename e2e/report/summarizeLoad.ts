import type { Objective } from '../core/budget/objective.ts';
import { describeLoadInterference, mostLateMs } from '../core/record/loadInterference.ts';
import { type LoadRow, type LoadTable, responseMs } from '../core/record/loadTable.ts';
import type { ProcessLine } from '../core/record/recordLine.ts';
import { quantileRank, RankSearch } from '../core/statistics/quantile.ts';
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

/** Finds the quantiles of times. */
class TimesSearch extends RankSearch {
  constructor() {
    super((n) => [quantileRank(n, 0.5), quantileRank(n, 0.95), quantileRank(n, 0.99), n]);
  }

  /** Null without values. */
  get times(): Times | null {
    const [p50Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0] = this.values;
    return this.n === 0 ? null : { n: this.n, p50Ms, p95Ms, p99Ms, maxMs };
  }
}

/** Sums up requests by the name of their operation or tenant. */
class LoadParts {
  readonly #parts = new Map<string, { n: number; failed: number; response: TimesSearch }>();

  part(name: string): { n: number; failed: number; response: TimesSearch } {
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = { n: 0, failed: 0, response: new TimesSearch() };
      this.#parts.set(name, part);
    }
    return part;
  }

  get size(): number {
    return this.#parts.size;
  }

  /** Ordered by name. */
  list(): LoadPart[] {
    const parts = [...this.#parts].map(([name, { response, ...counts }]) => ({
      name,
      ...counts,
      response: response.times,
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
  const [first] = table.blocks;
  if (first === undefined || n === 0) return null;
  const figures = new LoadFigures();
  for (const request of table.judged()) figures.count(request);
  for (const request of table.judged()) figures.giveTimes(request, 'collect');
  return { step: first.head.step, n, warmUp: table.total - n, ...figures.result };
}

class LoadFigures {
  readonly #pace = new LoadPace();
  readonly #operations = new LoadParts();
  readonly #tenants = new LoadParts();
  readonly #late = new TimesSearch();
  readonly #response = new TimesSearch();
  readonly #service = new TimesSearch();
  readonly #own = new TimesSearch();
  readonly #failures = new Map<string, number>();
  #neverSent = 0;
  readonly #connections = { opened: 0, n: 0 };
  readonly #isolation = { checked: 0, foreign: 0 };

  count(request: LoadRow): void {
    const { operation, tenant, failure, isolated, connectionReused } = request.kind;
    this.#pace.add(request);
    for (const part of [this.#operations.part(operation), this.#tenants.part(tenant)]) {
      part.n++;
      if (failure !== null) part.failed++;
    }
    if (request.lateMs === null) this.#neverSent++;
    if (failure !== null) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    if (connectionReused !== null) {
      this.#connections.n++;
      if (!connectionReused) this.#connections.opened++;
    }
    if (isolated !== null) {
      this.#isolation.checked++;
      if (!isolated) this.#isolation.foreign++;
    }
    this.giveTimes(request, 'count');
  }

  /** First all requests are counted, then their times are collected. */
  giveTimes(request: LoadRow, give: 'count' | 'collect'): void {
    const { lateMs, serviceMs, modelMs } = request;
    const { operation, tenant, failure } = request.kind;
    if (lateMs !== null) this.#late[give](lateMs);
    if (failure !== null || serviceMs === null) return;
    this.#service[give](serviceMs);
    if (modelMs !== null) this.#own[give](serviceMs - modelMs);
    if (lateMs === null) return;
    const ms = lateMs + serviceMs;
    this.#response[give](ms);
    this.#operations.part(operation).response[give](ms);
    this.#tenants.part(tenant).response[give](ms);
  }

  get result(): Omit<LoadResult, 'step' | 'n' | 'warmUp'> {
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
      late: this.#late.times,
      response: this.#response.times,
      service: this.#service.times,
      own: this.#own.times,
      connections: this.#connections.n === 0 ? null : this.#connections,
      isolation: this.#isolation,
      operations: this.#operations.list(),
      tenants: { count: this.#tenants.size, slowest: this.#tenants.slowest(MOST_TENANTS) },
    };
  }
}

type Span = { requests: number; firstDueMs: number; lastDueMs: number; lastEndMs: number };

/** How fast requests were due and answered. Pauses, such as those between the steps of a search, do not count. */
class LoadPace {
  /** By their start. */
  readonly #spans = new Map<number, Span>();
  #answered = 0;

  add(request: LoadRow): void {
    const { dueAtMs, failure } = request;
    const { fromMs } = request.block.head;
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
