import type { LoadOutcome, LoadSample } from '../../engine/loadSample.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import { refuseRejectedToken } from '../api/refuseRejectedToken.ts';
import type { EndedRequest } from './endedRequest.ts';
import type { LoadRequestPlan } from './requestAt.ts';

/** Whoever asks gives up after this long. */
const PATIENCE_MS = 30_000;

/** What sends the requests of a load, and tells what came of each. */
export type LoadSender = {
  send: (index: number) => Promise<LoadOutcome>;
  /** The sample as the recorder takes it. */
  ended: (sample: LoadSample, part: { fromMs: number; warmUpMs: number }) => EndedRequest;
  /** What ended it all: a token that was refused, say; null: nothing. */
  failure: () => unknown;
};

/** @param onFailure told, maybe more than once, of what no measurement goes on from */
export function askForLoad(
  api: ApiClient,
  scope: string,
  planOf: (index: number) => LoadRequestPlan,
  onFailure: () => void,
): LoadSender {
  const isolated = new Map<number, boolean>();
  const otherIds = new Map<number, NonNullable<EndedRequest['otherIds']>>();
  let failure: unknown = null;
  return {
    failure: () => failure,
    async send(index) {
      const { operation, tenant, question } = planOf(index);
      try {
        const place = { scope, index };
        const asked = await api.ask(operation, {
          tenant,
          question,
          place,
          patienceMs: PATIENCE_MS,
        });
        refuseRejectedToken({ status: asked.status, tenant, operation });
        const { isolation } = asked.checks;
        if (isolation !== undefined) isolated.set(index, isolation);
        const { requestId: sent, answeredIds: answered } = asked;
        if (answered !== undefined) otherIds.set(index, { sent, answered });
        const { failure: why, connectionReused, heldMs, values } = asked;
        if (values.endedMs === undefined) throw new Error(`no end of request ${index}`);
        return { heldMs, serviceMs: values.endedMs, failure: why, connectionReused };
      } catch (error) {
        failure ??= error;
        onFailure();
        // Nothing is recorded from here on.
        return {
          heldMs: 0,
          serviceMs: Number.NaN,
          failure: 'not measured',
          connectionReused: null,
        };
      }
    },
    ended(sample, { fromMs, warmUpMs }) {
      const { index, dueMs } = sample;
      const { operation, tenant } = planOf(index);
      const isIsolated = isolated.get(index) ?? null;
      isolated.delete(index);
      const ids = otherIds.get(index);
      otherIds.delete(index);
      return {
        ...sample,
        id: `${scope}-${index}`,
        dueAtMs: fromMs + dueMs,
        modelMs: null,
        operation,
        tenant,
        isolated: isIsolated,
        warmUp: dueMs < warmUpMs,
        knownAtMs: performance.now(),
        ...(ids === undefined ? {} : { otherIds: ids }),
      };
    },
  };
}
