import type { Load } from '../../core/load/loadSchema.ts';
import { closedModel } from '../../engine/closedModel.ts';
import type { WorkloadModel } from './offerLoad.ts';
import type { LoadRequestPlan } from './requestAt.ts';

/** A closed model of so many users, each of whom pauses after an answer as the scenario of its request says. */
export function closedPart(
  load: Load,
  planOf: (index: number) => LoadRequestPlan,
  durationMs: number,
): WorkloadModel {
  const most = load.ceilings.requests ?? Number.POSITIVE_INFINITY;
  return ({ send, onEnd, signal }) => {
    const spent = new AbortController();
    return closedModel({
      users: load.users ?? 0,
      thinkMs: (index) => planOf(index).thinkMs,
      durationMs,
      send: (index) => {
        if (index + 1 >= most) spent.abort();
        return send(index);
      },
      onEnd,
      signal: AbortSignal.any([signal, spent.signal]),
    });
  };
}
