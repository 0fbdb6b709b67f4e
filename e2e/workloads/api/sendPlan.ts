import type { RequestLine } from '../../core/record/recordLine.ts';
import { openLoop } from '../../engine/openModel.ts';
import type { Plan, PlannedRequest } from './plan.ts';
import { refuseRejectedToken } from './refuseRejectedToken.ts';
import type { RequestsUnderWay } from './requestsUnderWay.ts';
import type { WorkloadRun } from './runWorkload.ts';

export type SendPlanOptions = {
  run: WorkloadRun;
  scope: string;
  plan: Plan;
  /** Asked before each request is sent; what is not wanted any more is passed over. */
  isWanted: (request: PlannedRequest) => boolean;
  /** Kept up to date. */
  underWay: RequestsUnderWay;
  /** Send no more; what is under way is waited for. */
  signal: AbortSignal;
};

/** Sends a plan and records what came of each request, the moment it ended. @throws HarnessError TOKEN_INVALID */
export async function sendPlan(options: SendPlanOptions): Promise<void> {
  const { run, scope, plan, isWanted, underWay, signal } = options;
  const { workload, api, record } = run;
  const ask = async (item: PlannedRequest, lateMs: number): Promise<void> => {
    const { index, operation, tenant, otherTenant, question, warmUp } = item;
    if (operation === 'noop') {
      const noop = await api.noop();
      if (noop !== null) record.append({ type: 'noop', workload: workload.name, ...noop });
      return;
    }
    underWay.add(index);
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
    underWay.delete(index);
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
  await openLoop({
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
