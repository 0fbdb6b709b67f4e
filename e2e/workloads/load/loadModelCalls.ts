import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import type { AiMockControl } from '../../probes/aiMock.ts';
import { refuseExpired } from '../api/refuseExpired.ts';

/**
 * Adds up from the AI mock's journal for how long the model had each request of a load. What is asked for is forgotten, so that no more is
 * held than the requests that are under way.
 */
export class LoadModelCalls {
  readonly #aiMock: AiMockControl;
  readonly #scope: string;
  readonly #spentMs = new Map<number, number>();
  readonly #late = new LatencyHistogram();
  #after = 0;

  constructor(aiMock: AiMockControl, scope: string) {
    this.#aiMock = aiMock;
    this.#scope = scope;
  }

  /** @throws HarnessError AI_MOCK_FAILED, also where the model had forgotten what it was to do */
  async collect(): Promise<void> {
    for (const entry of await this.#aiMock.journal(this.#scope, this.#after)) {
      refuseExpired(entry);
      this.#after = Math.max(this.#after, entry.seq);
      const endedAtMs = entry.lastByteAtMs ?? entry.abortedAtMs ?? entry.brokenOffAtMs;
      if (entry.index === null || endedAtMs === null) continue;
      const spentMs = Math.max(endedAtMs - entry.arrivedAtMs, 0);
      this.#spentMs.set(entry.index, (this.#spentMs.get(entry.index) ?? 0) + spentMs);
      if (entry.lateMs !== null) this.#late.record(Math.max(entry.lateMs, 0));
    }
  }

  /** Time of all calls of a request together; null where none was seen. It is told once. */
  take(index: number): number | null {
    const spentMs = this.#spentMs.get(index) ?? null;
    this.#spentMs.delete(index);
    return spentMs;
  }

  /** How much later than planned answers of the model were complete. */
  get lateP99Ms(): number | null {
    return this.#late.quantileMs(0.99);
  }
}
