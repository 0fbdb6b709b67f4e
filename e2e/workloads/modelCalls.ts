import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../core/harnessError.ts';
import type { RequestLine } from '../core/record/measurementLine.ts';
import type { ModelCallLine } from '../core/record/recordLine.ts';
import { LatencyHistogram } from '../engine/latencyHistogram.ts';
import { isInSegment, type Segment } from '../engine/segment.ts';
import type { AiMockControl, JournalEntry, OpenCall } from '../probes/aiMock.ts';
import type { RecordWriter } from '../setup/recordWriter.ts';

/** The end of a call reaches the journal a little after its answer reached SalesTalk. */
const TIMEOUT_MS = 2_000;
const POLL_EVERY_MS = 50;

/**
 * Moves the model calls of a scope from the AI mock's journal to the record, each once its request is recorded. Calls of requests that were
 * never recorded, because a worker died, stay behind: those requests are sent again.
 */
export class ModelCallCollector {
  readonly #aiMock: AiMockControl;
  readonly #scope: string;
  readonly #record: RecordWriter;
  #after = 0;
  #waiting: ModelCallLine[] = [];
  /** Identities of calls that the record has: after the death of a worker they are still in the journal. */
  readonly #recorded: Set<string>;

  constructor(aiMock: AiMockControl, scope: string, record: RecordWriter) {
    this.#aiMock = aiMock;
    this.#scope = scope;
    this.#record = record;
    this.#recorded = new Set(record.soFar.modelCalls.map(identifyCall));
  }

  /** Returns how many calls it recorded. @throws HarnessError AI_MOCK_FAILED, also where the behaviours had expired */
  async collect(): Promise<number> {
    for (const entry of await this.#aiMock.journal(this.#scope, this.#after)) {
      this.#after = Math.max(this.#after, entry.seq);
      refuseExpired(entry);
      const line = createCallLine(entry, readEnding(entry));
      if (line !== null) this.#waiting.push(line);
    }
    const recorded = this.#recordedRequests();
    const due = Map.groupBy(this.#waiting, ({ index }) => recorded.has(index));
    this.#waiting = due.get(false) ?? [];
    return this.#append(due.get(true) ?? []);
  }

  /**
   * Collects until each request that reached the target has a call or the model has none open, and a last look finds no more: the second
   * call of a request may come later. Gives up after two seconds.
   */
  async settle(): Promise<void> {
    let noneUnderWay = false;
    for (let waitedMs = 0; waitedMs <= TIMEOUT_MS; waitedMs += POLL_EVERY_MS) {
      const recordedNow = await this.collect();
      const calls = this.#record.soFar.modelCalls.filter(({ scope }) => scope === this.#scope);
      const seen = new Set(calls.map(({ index }) => index));
      // As far as is known: without a connection a request caused no call.
      const arrived = this.#requests().filter(
        ({ status, connectionReused }) => status !== null || connectionReused !== null,
      );
      const isSettled = noneUnderWay || arrived.every(({ index }) => seen.has(index));
      if (recordedNow === 0 && isSettled) return;
      await sleep(POLL_EVERY_MS);
      // Asked before the journal is read again, which then holds a call that ends in between.
      noneUnderWay = (await this.#aiMock.open(this.#scope)).length === 0;
    }
  }

  /** Records calls that outlast their requests as open, without waiting for their ends. @throws HarnessError AI_MOCK_FAILED */
  async collectOpen(): Promise<void> {
    // Read before the mock is asked: each call in its answer was open at this time.
    const openAtMs = Date.now();
    const calls = await this.#aiMock.open(this.#scope);
    const recorded = this.#recordedRequests();
    const lines = calls.flatMap((call) => {
      refuseExpired(call);
      const line = createCallLine(call, { end: 'open', endedMs: openAtMs - call.arrivedAtMs });
      return line !== null && recorded.has(line.index) ? [line] : [];
    });
    this.#append(lines);
  }

  /** Appends the lines that the record lacks, and returns how many those were. */
  #append(lines: ModelCallLine[]): number {
    const lacking: ModelCallLine[] = [];
    for (const line of lines) {
      const identity = identifyCall(line);
      if (this.#recorded.has(identity)) continue;
      this.#recorded.add(identity);
      lacking.push(line);
    }
    this.#record.append(...lacking);
    return lacking.length;
  }

  #recordedRequests(): Set<number> {
    const samples = this.#record.soFar.samples.filter(({ scope }) => scope === this.#scope);
    return new Set([...this.#requests(), ...samples].map(({ index }) => index));
  }

  #requests(): RequestLine[] {
    return this.#record.soFar.requests.filter(({ scope }) => scope === this.#scope);
  }
}

/** Identifies a call, the same while it is open and once it has ended. */
function identifyCall({ scope, index, kind, attempt, arrivedAtMs }: ModelCallLine): string {
  return [scope, index, kind, attempt, arrivedAtMs].join('/');
}

/** Adds up how long the model took for each request of a load. `take` removes what it returns: only requests in flight are held. */
export class LoadModelCalls {
  readonly #aiMock: AiMockControl;
  readonly #scope: string;
  readonly #segment: Segment;
  readonly #spentMs = new Map<number, number>();
  readonly #late = new LatencyHistogram();
  #after = 0;

  /** @param segment of the requests whose calls count: all shards of a run share a scope of the mock */
  constructor(aiMock: AiMockControl, scope: string, segment: Segment) {
    this.#aiMock = aiMock;
    this.#scope = scope;
    this.#segment = segment;
  }

  /** @throws HarnessError AI_MOCK_FAILED, also where the behaviours had expired */
  async collect(): Promise<void> {
    for (const entry of await this.#aiMock.journal(this.#scope, this.#after)) {
      refuseExpired(entry);
      this.#after = Math.max(this.#after, entry.seq);
      const endedAtMs = entry.lastByteAtMs ?? entry.abortedAtMs ?? entry.brokenOffAtMs;
      if (entry.index === null || endedAtMs === null) continue;
      if (!isInSegment(entry.index, this.#segment)) continue;
      const spentMs = Math.max(endedAtMs - entry.arrivedAtMs, 0);
      this.#spentMs.set(entry.index, (this.#spentMs.get(entry.index) ?? 0) + spentMs);
      if (entry.lateMs !== null) this.#late.record(Math.max(entry.lateMs, 0));
    }
  }

  /** Time of all model calls of a request together; null without any. */
  take(index: number): number | null {
    const spentMs = this.#spentMs.get(index) ?? null;
    this.#spentMs.delete(index);
    return spentMs;
  }

  /** How much later than planned the model's answers were complete. */
  get lateP99Ms(): number | null {
    return this.#late.quantileMs(0.99);
  }
}

/** Null if it belongs to no request. `endedMs`: from its arrival to its end or, if it is open, to the time when it was seen open. */
function createCallLine(
  call: OpenCall,
  { end, endedMs }: Pick<ModelCallLine, 'end' | 'endedMs'>,
): ModelCallLine | null {
  const { scope, index, matchedBy, kind, attempt, arrivedAtMs, status, fault } = call;
  if (scope === null || index === null || matchedBy === null) return null;
  const firstByteMs = (call.firstByteAtMs ?? Number.NaN) - arrivedAtMs;
  return {
    type: 'modelCall',
    scope,
    index,
    kind,
    attempt,
    matchedBy,
    arrivedAtMs,
    // The clock of the mock is corrected at times, so an end can lie before the arrival.
    durationMs: end === 'answered' && endedMs >= 0 ? endedMs : null,
    end,
    ...(firstByteMs >= 0 ? { firstByteMs } : {}),
    endedMs: Math.max(endedMs, 0),
    status,
    fault,
    retryAfterMs: call.retryAfterMs,
    lateMs: call.lateMs,
  };
}

/** @throws HarnessError AI_MOCK_FAILED for an entry without an end */
function readEnding(entry: JournalEntry): Pick<ModelCallLine, 'end' | 'endedMs'> {
  const { arrivedAtMs, lastByteAtMs, abortedAtMs, brokenOffAtMs } = entry;
  if (lastByteAtMs !== null) return { end: 'answered', endedMs: lastByteAtMs - arrivedAtMs };
  if (abortedAtMs !== null) return { end: 'aborted', endedMs: abortedAtMs - arrivedAtMs };
  if (brokenOffAtMs !== null) return { end: 'brokenOff', endedMs: brokenOffAtMs - arrivedAtMs };
  throw new HarnessError({
    code: 'AI_MOCK_FAILED',
    summary: 'The AI mock does not say how a call ended.',
    found: `the entry ${JSON.stringify(entry)}`,
    expected: 'a last byte, an abort by the caller, or a break by the mock',
    remedy: 'Run the AI mock of this version of the harness: `npm run ai-mock` says how.',
  });
}

/** Behaviours expire after a minute unless renewed; then the model answers by default. @throws HarnessError AI_MOCK_FAILED */
export function refuseExpired({ expired, index }: Pick<OpenCall, 'expired' | 'index'>): void {
  if (!expired) return;
  throw new HarnessError({
    code: 'AI_MOCK_FAILED',
    summary: 'The AI mock lost the behaviour of the workload, so its measurements are invalid.',
    found: `a call of request ${index} after the behaviours of its workload had expired`,
    expected: 'behaviours that are renewed while the workload runs',
    remedy: 'Run it again on a machine that does not sleep or stall for most of a minute.',
  });
}
