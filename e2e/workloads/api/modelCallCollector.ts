import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelCallLine, RequestLine } from '../../core/record/recordLine.ts';
import type { AiMockControl } from '../../probes/aiMock.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { endedCallLine, openCallLine } from './modelCallLine.ts';
import { refuseExpired } from './refuseExpired.ts';

/** A call's end reaches the journal a little after its answer reached SalesTalk. */
const PATIENCE_MS = 2_000;
const POLL_EVERY_MS = 50;

/**
 * Moves a scope's calls of the model from the AI mock's journal to the record, each once the request that caused it is recorded.
 * Calls of requests that never were (a worker died over them) are left behind, since those requests are sent again.
 */
export class ModelCallCollector {
  readonly #aiMock: AiMockControl;
  readonly #scope: string;
  readonly #record: RecordWriter;
  #after = 0;
  #waiting: ModelCallLine[] = [];
  /** Calls that the record has: a worker that died over the rest leaves the journal as it is. */
  readonly #recorded: Set<string>;

  constructor(aiMock: AiMockControl, scope: string, record: RecordWriter) {
    this.#aiMock = aiMock;
    this.#scope = scope;
    this.#record = record;
    this.#recorded = new Set(record.soFar.modelCalls.map(identityOf));
  }

  /**
   * Gives back how many calls it recorded.
   * @throws HarnessError AI_MOCK_FAILED, also where the model had forgotten what it was to do
   */
  async collect(): Promise<number> {
    for (const entry of await this.#aiMock.journal(this.#scope, this.#after)) {
      this.#after = Math.max(this.#after, entry.seq);
      refuseExpired(entry);
      const line = endedCallLine(entry);
      if (line !== null) this.#waiting.push(line);
    }
    const recorded = this.#recordedRequests();
    const due = Map.groupBy(this.#waiting, ({ index }) => recorded.has(index));
    this.#waiting = due.get(false) ?? [];
    return this.#append(due.get(true) ?? []);
  }

  /**
   * Collects until each request that got as far as the target has a call, or the model has none under way, and no more come in; for two
   * seconds at most: what then has none is left without. One more look than that takes, since of a request's calls the first alone may
   * have reached the journal.
   */
  async settle(): Promise<void> {
    let noneUnderWay = false;
    for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += POLL_EVERY_MS) {
      const recordedNow = await this.collect();
      const calls = this.#record.soFar.modelCalls.filter(({ scope }) => scope === this.#scope);
      const seen = new Set(calls.map(({ index }) => index));
      const arrived = this.#requests().filter(hasArrived);
      const isSettled = noneUnderWay || arrived.every(({ index }) => seen.has(index));
      if (recordedNow === 0 && isSettled) return;
      await sleep(POLL_EVERY_MS);
      // Before the next look at the journal: a call that ends between the two is in it.
      noneUnderWay = (await this.#aiMock.open(this.#scope)).length === 0;
    }
  }

  /**
   * Records the calls of recorded requests that go on, as open: of what a target does after its caller has gone, no more is waited for.
   * When such a call ends later, that is not recorded any more.
   * @throws HarnessError AI_MOCK_FAILED, as `collect` does
   */
  async collectOpen(): Promise<void> {
    // Before it is asked: a call that it then tells of was open at this time for certain.
    const lookedAtMs = Date.now();
    const calls = await this.#aiMock.open(this.#scope);
    const recorded = this.#recordedRequests();
    const lines = calls.flatMap((call) => {
      refuseExpired(call);
      const line = openCallLine(call, lookedAtMs);
      return line !== null && recorded.has(line.index) ? [line] : [];
    });
    this.#append(lines);
  }

  /** Leaves out what the record has already; gives back how many there were beside. */
  #append(lines: ModelCallLine[]): number {
    const fresh = new Map(lines.map((line) => [identityOf(line), line]));
    for (const identity of fresh.keys()) if (this.#recorded.has(identity)) fresh.delete(identity);
    this.#record.append(...fresh.values());
    for (const identity of fresh.keys()) this.#recorded.add(identity);
    return fresh.size;
  }

  #recordedRequests(): Set<number> {
    return new Set(this.#requests().map(({ index }) => index));
  }

  #requests(): RequestLine[] {
    return this.#record.soFar.requests.filter(({ scope }) => scope === this.#scope);
  }
}

/** Was it sent, as far as can be known? One that found no connection caused no call. */
function hasArrived({ status, connectionReused }: RequestLine): boolean {
  return status !== null || connectionReused !== null;
}

/** The same for a call while it is open and once it has ended. */
function identityOf({ scope, index, kind, attempt, arrivedAtMs }: ModelCallLine): string {
  return [scope, index, kind, attempt, arrivedAtMs].join('/');
}
