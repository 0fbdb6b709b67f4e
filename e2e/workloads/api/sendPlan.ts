import type { RequestLine } from '../../core/record/recordLine.ts';
import { runOpenLoop } from '../../engine/openModel.ts';

import type { ApiClient } from '../../salestalk/apiClient.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import type { Plan, PlannedRequest, Workload } from './plan.ts';

type SendPlanOptions = {
  run: { workload: Workload; api: ApiClient; record: RecordWriter };
  scope: string;
  plan: Plan;
  /** Asked before each request; one that is not wanted is skipped. */
  isWanted: (request: PlannedRequest) => boolean;
  /** Kept up to date. */
  inFlight: RequestsInFlight;
  /** Stops the sending; requests in flight are waited for. */
  signal: AbortSignal;
};

/** Sends a plan and records each request the moment it ends. @throws HarnessError TOKEN_INVALID */
export async function sendPlan(options: SendPlanOptions): Promise<void> {
  const { run, scope, plan, isWanted, inFlight, signal } = options;
  const { workload, api, record } = run;
  const ask = async (item: PlannedRequest, lateMs: number): Promise<void> => {
    const { index, operation, tenant, otherTenant, question, warmUp } = item;
    if (operation === 'noop') {
      const noop = await api.noop();
      if (noop !== null) record.append({ type: 'noop', workload: workload.name, ...noop });
      return;
    }
    inFlight.add(index);
    const {
      answer: _,
      heldMs,
      ...observed
    } = await api.ask(operation, {
      tenant,
      otherTenant,
      question,
      place: { scope, index },
      ...(workload.patienceMs === undefined ? {} : { patienceMs: workload.patienceMs }),
    });
    inFlight.delete(index);
    const line: RequestLine = {
      type: 'request',
      id: `${scope}-${index}`,
      workload: workload.name,
      operation,
      via: 'api',
      scope,
      index,
      tenant,
      warmUp,
      fault: workload.fault,
      lateMs: Math.max(lateMs + heldMs, 0),
      ...observed,
    };
    refuseRejectedToken(line);
    record.append(line);
  };
  const abort = new AbortController();
  let failure: unknown = null;
  const firstDueMs = plan[0]?.dueMs ?? 0;
  await runOpenLoop({
    schedule: plan.map(({ dueMs, item }) => ({ dueMs: dueMs - firstDueMs, item })),
    isWanted,
    send: (item, lateMs) =>
      ask(item, lateMs).catch((error: unknown) => {
        failure ??= error;
        abort.abort();
      }),
    signal: AbortSignal.any([abort.signal, signal]),
  });
  if (failure !== null) throw failure;
}

/** Requests that were sent and have not been answered yet. */
export class RequestsInFlight {
  readonly #sentAtMs = new Map<number, number>();

  add(index: number): void {
    // A little early rather than late: nothing sent after this may count as settled.
    this.#sentAtMs.set(index, performance.timeOrigin + performance.now());
  }

  delete(index: number): void {
    this.#sentAtMs.delete(index);
  }

  /** In ms since the epoch; Infinity when all are answered. */
  firstSentAtMs(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#sentAtMs.values());
  }
}
