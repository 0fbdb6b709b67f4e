import { z } from 'zod';
import { responseMs } from './derivations/loads.ts';
import { GrowingSample } from './growingSample.ts';
import { loadStep } from './loadLine.ts';
import { LoadPace } from './loadPace.ts';
import { LoadParts, loadPart } from './loadParts.ts';
import { type LoadRequest, LoadTable } from './loadTable.ts';
import { timesOf, timesSchema } from './times.ts';

const count = z.int().nonnegative();
const perSecond = z.number().nonnegative().nullable();
const times = timesSchema.nullable();

/** What a load came to, or a step of a search. Times are of answered requests, lateness of all that were sent; null is what nothing was seen of, never 0. */
export const loadResultSchema = z.strictObject({
  step: loadStep,
  n: count.describe('Requests judged'),
  warmUp: count.describe('Requests before them, thrown away'),
  seconds: perSecond.describe('From the first intended start to the last, pauses left out'),
  offeredPerSecond: perSecond.describe('Intended starts; those that were never sent as well'),
  achievedPerSecond: perSecond.describe('Answers, up to the last end'),
  neverSent: count,
  failed: count.describe('Those that were never sent as well'),
  failures: z
    .array(z.strictObject({ failure: z.string(), n: count }))
    .describe('By kind, the most frequent first'),
  otherFailures: count.describe('Of kinds that are not listed'),
  late: times.describe('How much later than intended requests were sent'),
  response: times.describe('From the intended start to the end'),
  service: times.describe('From the sending to the end'),
  own: times.describe('Service time less the time of the model'),
  connections: z
    .strictObject({ opened: count, n: count })
    .nullable()
    .describe('Requests that had to open one, of those of which it is known'),
  isolation: z
    .strictObject({ checked: count, foreign: count })
    .describe('Answers whose owner was checked, and those that belonged to another'),
  operations: z.array(loadPart),
  tenants: z
    .strictObject({ count, slowest: z.array(loadPart) })
    .describe('How many there are, and those with the highest P95'),
});

export type LoadResult = z.infer<typeof loadResultSchema>;

const MOST_TENANTS = 10;
/** A target can fail in as many words as it likes. */
const MOST_KINDS = 10;

/** Sums a load up, in memory of some dozens of bytes a request. Null where nothing of it is to be judged. */
export function resultOfLoad(table: LoadTable): LoadResult | null {
  const { n } = table;
  const [first] = table.lines;
  if (first === undefined || n === 0) return null;
  const seen = new Seen(n);
  for (const [fromMs, lines] of Map.groupBy(table.lines, (line) => line.fromMs)) {
    const span = new LoadTable(table.workload, lines);
    for (const request of span.judged()) seen.add(fromMs, request);
  }
  const total = table.lines.reduce((sum, { index }) => sum + index.length, 0);
  return { step: first.step, n, warmUp: total - n, ...seen.toResult() };
}

class Seen {
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
