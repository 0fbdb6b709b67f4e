import { LatencyHistogram } from '../../engine/latencyHistogram.ts';
import type { LoadSample } from '../../engine/loadSample.ts';
import { type ClientReport, quantilesOf } from './clientReport.ts';

/** Counts what a load came to, as the harness does: in histograms, and without keeping any of it. */
export class SampleCount {
  readonly #response = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  #failed = 0;
  #neverSent = 0;
  #firstFailure: string | null = null;

  add({ lateMs, serviceMs, failure }: LoadSample): void {
    if (failure !== null) this.#firstFailure ??= failure;
    if (lateMs === null || serviceMs === null) this.#neverSent += 1;
    else if (failure !== null) this.#failed += 1;
    else {
      this.#service.record(serviceMs);
      this.#response.record(lateMs + serviceMs);
    }
  }

  /** @throws Error where nothing was answered */
  report(): ClientReport {
    return {
      requests: this.#service.count,
      failed: this.#failed,
      neverSent: this.#neverSent,
      firstFailure: this.#firstFailure,
      responseMs: quantilesOf(this.#response),
      serviceMs: quantilesOf(this.#service),
    };
  }
}
