import type { Objective } from '../../core/budget/objective.ts';
import { isBad } from '../../core/record/event.ts';
import {
  type EncodableRequest,
  encodeLoadLine,
  type LoadLine,
} from '../../core/record/loadLine.ts';
import { responseMs } from '../../core/record/loadTable.ts';
import { setAsideRule } from '../../core/record/setAside.ts';
import { addEvent, startTally } from '../../core/statistics/eventTally.ts';
import { DOWN_AFTER_MS, FAILURES_IN_A_ROW } from '../../core/verdict/violations.ts';
import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import { type Segment, WHOLE } from '../../engine/segment.ts';
import { readLoadRequest } from '../../metrics/deriveEvents.ts';
import { isLoadRequestSetAside } from '../../metrics/loadEvents.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import type { ObjectiveTally } from '../checkProgress.ts';

/**
 * Takes the requests of a load as they end, and records them in the order of their intended starts: otherwise quick answers would count
 * before slow ones that were sent earlier. It holds only requests that wait for an earlier one, and tallies and histograms of constant size.
 */
export class LoadRecorder {
  readonly late = new LatencyHistogram();
  /** Response times of answered requests, from their intended starts. */
  readonly response = new LatencyHistogram();
  readonly tallies: ObjectiveTally[];
  /** The sender keeps `inFlight` up to date. Of the others, only `ended` and `answered` count the warm-up. */
  readonly counts = { inFlight: 0, ended: 0, answered: 0, judged: 0, failed: 0 };
  readonly #record: RecordWriter;
  readonly #waiting = new Map<number, EndedRequest>();
  /** Index of the request that is recorded next. */
  next: number;
  /** From the index of one request to that of the next. */
  readonly stride: number;
  #failedInARow = 0;
  #failedSinceMs = 0;
  #failedUntilMs = 0;
  #firstDueAtMs: number | null = null;
  /** Seconds in which a judged request ended, counted from the intended start of the first of them. */
  readonly secondsWithEnds = new Set<number>();

  /**
   * @param segment of the requests that it takes
   * @param first index of the first request of the whole
   */
  constructor(
    objectives: readonly Objective[],
    record: RecordWriter,
    { index, of }: Segment = WHOLE,
    first = 0,
  ) {
    this.#record = record;
    this.next = first + index - 1;
    this.stride = of;
    this.tallies = objectives.map((objective) => ({
      objective,
      tally: startTally(objective.allowedShare),
      missing: 0,
      setAside: 0,
    }));
  }

  /** Have enough requests failed in a row to end a step of a search? */
  get mayBeDown(): boolean {
    return this.#failedInARow >= FAILURES_IN_A_ROW;
  }

  /** Has the target failed longer than a restart takes? */
  get isDown(): boolean {
    return this.mayBeDown && this.#failedUntilMs - this.#failedSinceMs >= DOWN_AFTER_MS;
  }

  add(request: EndedRequest): void {
    this.#waiting.set(request.index, request);
    this.counts.ended++;
    if (request.failure === null) this.counts.answered++;
    if (request.warmUp) return;
    // Only judged requests count: the verdict on a target that is given up must rest on its failures.
    this.#failedInARow = request.failure === null ? 0 : this.#failedInARow + 1;
    if (this.#failedInARow === 1) this.#failedSinceMs = request.dueAtMs;
    this.#failedUntilMs = request.dueAtMs;
    this.counts.judged++;
    if (request.failure !== null) this.counts.failed++;
    if (request.lateMs !== null) this.late.record(request.lateMs);
    const ms = request.failure === null ? responseMs(request) : null;
    if (ms !== null) this.response.record(ms);
  }

  /**
   * Records ended requests up to the first one that is in flight or whose end became known after `untilMs`.
   * @param takeModelMs returns the time of the model for a request; called once for each
   */
  settle(
    head: Pick<LoadLine, 'workload' | 'scope' | 'step' | 'fromMs'>,
    untilMs: number,
    takeModelMs: (index: number) => number | null,
  ): void {
    const settled: EndedRequest[] = [];
    for (;;) {
      const request = this.#waiting.get(this.next);
      if (request === undefined || request.knownAtMs > untilMs) break;
      this.#waiting.delete(this.next);
      this.next += this.stride;
      request.modelMs = takeModelMs(request.index);
      settled.push(request);
    }
    for (const warmUp of [true, false]) {
      const part = settled.filter((request) => request.warmUp === warmUp);
      if (part.length > 0) this.#record.append(encodeLoadLine({ ...head, warmUp }, part));
    }
    // By now event-loop stalls are recorded: this is called only after they have ended.
    const rules = this.tallies.map(({ objective }) => setAsideRule(objective, this.#record.soFar));
    for (const request of settled) if (!request.warmUp) this.#count(request, rules);
  }

  #count(request: EndedRequest, rules: ReturnType<typeof setAsideRule>[]): void {
    this.#firstDueAtMs ??= request.dueAtMs;
    const ms = responseMs(request);
    const untilEndMs = request.dueAtMs - this.#firstDueAtMs + (ms ?? 0);
    if (ms !== null) this.secondsWithEnds.add(Math.floor(untilEndMs / 1000));
    for (const [at, one] of this.tallies.entries()) {
      const reading = readLoadRequest(one.objective, request);
      if (reading === 'missing') one.missing++;
      if (reading === undefined || reading === null || reading === 'missing') continue;
      if (isLoadRequestSetAside(request, reading, rules[at] ?? null)) {
        one.setAside++;
        continue;
      }
      const bad = reading.value === null ? reading.bad : isBad(reading.value, one.objective);
      addEvent(one.tally, bad, request.dueAtMs);
    }
  }
}

/** A request of a load that has ended or was never sent. */
export type EndedRequest = EncodableRequest & {
  warmUp: boolean;
  /** When its end became known, by `performance.now()`. */
  knownAtMs: number;
};
