import { openModel } from '../../engine/openModel.ts';
import { CONNECTIONS } from '../../salestalk/apiClient.ts';
import type { WorkloadModel } from './offerLoad.ts';

/** An open model that offers a schedule, or what is left of one, as if that began now. */
export function openPart(schedule: Iterable<number>): WorkloadModel {
  return ({ send, onEnd, signal }) =>
    openModel({ arrivals: fromNow(schedule), send, onEnd, signal, mostInFlight: CONNECTIONS });
}

function* fromNow(schedule: Iterable<number>): Generator<number> {
  let startMs: number | null = null;
  for (const ms of schedule) {
    startMs ??= ms;
    yield ms - startMs;
  }
}
