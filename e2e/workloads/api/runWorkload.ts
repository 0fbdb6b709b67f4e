import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RequestLine } from '../../core/record/recordLine.ts';
import { DOWN_AFTER_MS, endsInFailures } from '../../core/verdict/unansweredTargets.ts';
import type { AiMockControl } from '../../probes/aiMock.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import { asWorkload, type Framed } from './asWorkload.ts';
import { isOpen, type Look, lookAt } from './look.ts';
import type { ModelCallCollector } from './modelCallCollector.ts';
import {
  mostReplacements,
  type Plan,
  type PlannedRequest,
  planReplacements,
  planWorkload,
} from './plan.ts';
import { RequestsUnderWay } from './requestsUnderWay.ts';
import { sendPlan } from './sendPlan.ts';
import { startOutage } from './startOutage.ts';
import type { Workload } from './workload.ts';

/** Seldom enough to disturb nothing, often enough to stop within a few requests of the answer. */
const LOOK_EVERY_MS = 1_000;
/** How often a target that may be down is asked. */
const ASK_AGAIN_EVERY_MS = 1_000;

export type WorkloadRun = {
  workload: Workload;
  runId: string;
  tenants: readonly string[];
  api: ApiClient;
  /** Null: the model is a real one. */
  aiMock: AiMockControl | null;
  record: RecordWriter;
  /** Told of each look. */
  onLook: (look: Look) => void;
};

/**
 * Sends what a workload plans, until each objective it serves is clear or the target is down, and records what came of it. Requests that
 * the record has already (from a worker that died) are not sent again; a workload that is complete sends nothing.
 * @throws HarnessError AI_MOCK_FAILED or TOKEN_INVALID; what was measured up to then stays in the record
 */
export async function runWorkload(run: WorkloadRun): Promise<void> {
  const { workload, aiMock, record } = run;
  const { name, requests: planned, model } = workload;
  await asWorkload({ name, planned, model }, run, async (framed) => {
    const ended = new AbortController();
    const outage = startOutage(workload, aiMock, record, ended.signal);
    // Waited for at the end; until then a failure of it is kept, not thrown at nobody.
    outage.catch(() => undefined);
    try {
      await sendAll(run, framed);
      await outage;
      if (workload.lingerMs !== undefined) await framed.calls?.collectOpen();
    } finally {
      // One that has begun is waited for: what is measured next wants its model.
      ended.abort();
      await outage.catch(() => undefined);
    }
  });
}

async function sendAll(run: WorkloadRun, { scope, calls, checkForStalls }: Framed): Promise<void> {
  const { workload, tenants, record } = run;
  const plan = planWorkload(workload, tenants);
  const nextToSend = (): Plan => {
    checkForStalls();
    const look = lookAt(workload, record.soFar, Number.POSITIVE_INFINITY);
    const left = leftOf(plan, scope, run, look);
    return left.length > 0 ? left : replacementsFor(plan, scope, run, look);
  };
  let left = nextToSend();
  // Requests that were out when all seemed clear can unsettle that; then sampling goes on.
  while (left.length > 0) {
    if (mayBeDown(run, scope)) {
      await sendSlowly(run, scope, left);
      if (mayBeDown(run, scope)) break;
    } else {
      await sendUntilClear(run, scope, left, calls);
    }
    await sleep(workload.lingerMs ?? 0);
    await calls?.settle();
    left = nextToSend();
  }
}

/** Goes on with a plan at a low rate, until the target answers again or has not for so long that it is down. */
async function sendSlowly(run: WorkloadRun, scope: string, plan: Plan): Promise<void> {
  const slowly = plan
    .filter(({ item }) => item.operation !== 'noop')
    .slice(0, DOWN_AFTER_MS / ASK_AGAIN_EVERY_MS + 1)
    .map(({ item }, at) => ({ item, dueMs: at * ASK_AGAIN_EVERY_MS }));
  const isWanted = () => mayBeDown(run, scope);
  const underWay = new RequestsUnderWay();
  const { signal } = new AbortController();
  await sendPlan({ run, scope, plan: slowly, isWanted, underWay, signal });
}

/** Looks at the record now and then while the plan is sent, and passes over what can change no verdict any more. */
async function sendUntilClear(
  run: WorkloadRun,
  scope: string,
  plan: Plan,
  calls: ModelCallCollector | null,
): Promise<void> {
  const { workload, record, onLook } = run;
  let look = lookAt(workload, record.soFar, Number.POSITIVE_INFINITY);
  const underWay = new RequestsUnderWay();
  const ended = new AbortController();
  const looking = (async () => {
    while (!ended.signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const firstOutAtMs = underWay.firstSentAtMs();
      await calls?.collect();
      // Requests are sent between the two: without a break they stalled the event loop for 50 to 120 ms.
      await setImmediate();
      look = lookAt(workload, record.soFar, firstOutAtMs);
      onLook(look);
    }
  })();
  const isWanted = (item: PlannedRequest): boolean => serves(item, look) && !mayBeDown(run, scope);
  const sending = sendPlan({ run, scope, plan, isWanted, underWay, signal: ended.signal });
  try {
    await Promise.race([looking, sending]);
  } finally {
    ended.abort();
    await Promise.allSettled([looking, sending]);
  }
}

/** What of a plan is not recorded yet and still wanted, moved up to the start. */
function leftOf(plan: Plan, scope: string, run: WorkloadRun, look: Look): Plan {
  const requests = requestsOf(run.record, scope);
  // Warm-ups serve nothing by themselves.
  if (look.length > 0 && look.every(({ isClear }) => isClear)) return [];
  const done = new Set(requests.map(({ id }) => id));
  return (
    plan
      // A no-op goes right before its request, and with it.
      .filter(
        ({ item: { index, operation } }) =>
          !done.has(`${scope}-${operation === 'noop' ? index + 1 : index}`),
      )
      .filter(({ item }) => serves(item, look))
      .map((entry, at) => ({ ...entry, dueMs: (plan[at] as Plan[number]).dueMs }))
  );
}

/** Once the plan is sent: what objectives still lack because the harness spoilt events of theirs itself. */
function replacementsFor(plan: Plan, scope: string, run: WorkloadRun, look: Look): Plan {
  const { workload, tenants, record } = run;
  if (mayBeDown(run, scope)) return [];
  const sent = requestsOf(record, scope);
  const extra = sent.filter(({ index }) => index >= plan.length);
  const planned = Object.entries(workload.requests) as [SentOperation, number][];
  const total = planned.reduce((sum, [, count]) => sum + count, 0);
  const counts = planned.flatMap(([operation, count]): [SentOperation, number][] => {
    const lacking = look.flatMap(({ objective, series, isClear }) => {
      const n = isClear ? 0 : (series.setAside?.n ?? 0);
      if (objective.operation === operation) return [n];
      return objective.spans ? [Math.ceil((n * count) / total)] : [];
    });
    const wanted = Math.min(Math.max(0, ...lacking), mostReplacements(count));
    const more = wanted - extra.filter((line) => line.operation === operation).length;
    return more > 0 ? [[operation, more]] : [];
  });
  if (counts.length === 0) return [];
  const first = Math.max(plan.length, ...extra.map(({ index }) => index + 1));
  return planReplacements(workload, tenants, { counts: Object.fromEntries(counts), first });
}

/** Under a fault, that nothing is answered says nothing of the target. */
function mayBeDown({ workload, record }: WorkloadRun, scope: string): boolean {
  return workload.fault === null && endsInFailures(record.soFar.requests, scope);
}

function requestsOf(record: RecordWriter, scope: string): RequestLine[] {
  return record.soFar.requests.filter((request) => request.scope === scope);
}

/** Is it still of use to send this? A workload that serves no objective is sent whole. */
function serves({ along, warmUp }: PlannedRequest, look: Look): boolean {
  return warmUp || look.length === 0 || isOpen(look, along);
}
