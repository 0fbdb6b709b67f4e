import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RequestLine } from '../../core/record/recordLine.ts';
import { DOWN_AFTER_MS, endsInFailures } from '../../core/verdict/violations.ts';
import type { AiMockControl } from '../../probes/aiMock.ts';
import type { ApiClient } from '../../salestalk/apiClient.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import type { RecordWriter } from '../../setup/recordWriter.ts';
import {
  checkProgress,
  maxReplacements,
  needsRequests,
  type WorkloadProgress,
} from '../checkProgress.ts';
import type { ModelCallCollector } from '../modelCalls.ts';
import { recordWorkload, type WorkloadContext } from '../recordWorkload.ts';
import {
  type Plan,
  type PlannedRequest,
  planReplacements,
  planWorkload,
  type Workload,
} from './plan.ts';
import { RequestsInFlight, sendPlan } from './sendPlan.ts';

/** Seldom enough to disturb nothing, often enough to stop within a few requests of the answer. */
const CHECK_EVERY_MS = 1_000;
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
  /** Called after each check. */
  onProgress: (progress: WorkloadProgress) => void;
};

/**
 * Sends what a workload plans, until each objective it serves is clear or the target is down, and records each request. Requests that
 * the record has already (from a worker that died) are not sent again; a workload that is complete sends nothing.
 * @throws HarnessError AI_MOCK_FAILED or TOKEN_INVALID; the record keeps what was measured before
 */
export async function runWorkload(run: WorkloadRun): Promise<void> {
  const { workload, aiMock, record } = run;
  const { name, requests: planned, model } = workload;
  await recordWorkload({ name, planned, model }, run, async (context) => {
    const ended = new AbortController();
    const outage = startOutage(workload, aiMock, record, ended.signal);
    // Its failure is thrown at the end; until then it must not count as an unhandled rejection.
    outage.catch(() => undefined);
    try {
      await sendAll(run, context);
      await outage;
      if (workload.observeAfterMs !== undefined) await context.calls?.collectOpen();
    } finally {
      // An outage that has begun is waited for: what is measured next needs the model.
      ended.abort();
      await outage.catch(() => undefined);
    }
  });
}

const REFUSING_POLL_MS = 5;

/**
 * Has the model refuse connections for a while, where the workload says so, and records when. Resolves when the model answers again,
 * or at once where `signal` aborts before it began. Every user of the AI mock is without a model, so nothing may be measured at the same time.
 */
export async function startOutage(
  { name, outage }: Workload,
  aiMock: AiMockControl | null,
  record: RecordWriter,
  signal: AbortSignal,
): Promise<void> {
  if (outage === undefined || aiMock === null) return;
  await sleep(outage.afterMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const fromMs = Date.now();
  const { refusedUntilMs } = await aiMock.refuse(outage.forMs);
  await sleep(Math.max(0, refusedUntilMs - Date.now()));
  // The listener is back a few milliseconds later, and what is refused until then is no fault of the target.
  while ((await aiMock.readCondition()).refusing) await sleep(REFUSING_POLL_MS);
  record.append({ type: 'outage', workload: name, fromMs, untilMs: Date.now() });
}

async function sendAll(
  run: WorkloadRun,
  { scope, calls, checkForStalls }: WorkloadContext,
): Promise<void> {
  const { workload, tenants, record } = run;
  const plan = planWorkload(workload, tenants);
  const nextToSend = (): Plan => {
    checkForStalls();
    const progress = checkProgress(workload.serves, record.soFar);
    const left = leftOf(plan, scope, run, progress);
    return left.length > 0 ? left : replacementsFor(plan, scope, run, progress);
  };
  let left = nextToSend();
  // Requests that were in flight when all seemed clear can change that; then sampling goes on.
  while (left.length > 0) {
    if (mayBeDown(run, scope)) {
      await sendSlowly(run, scope, left);
      if (mayBeDown(run, scope)) break;
    } else {
      await sendUntilClear(run, scope, left, calls);
    }
    await sleep(workload.observeAfterMs ?? 0);
    await calls?.settle();
    left = nextToSend();
  }
}

/** Sends a plan at a low rate, until the target answers again or has failed for so long that it counts as down. */
async function sendSlowly(run: WorkloadRun, scope: string, plan: Plan): Promise<void> {
  const slowly = plan
    .filter(({ item }) => item.operation !== 'noop')
    .slice(0, DOWN_AFTER_MS / ASK_AGAIN_EVERY_MS + 1)
    .map(({ item }, at) => ({ item, dueMs: at * ASK_AGAIN_EVERY_MS }));
  const isWanted = () => mayBeDown(run, scope);
  const inFlight = new RequestsInFlight();
  const { signal } = new AbortController();
  await sendPlan({ run, scope, plan: slowly, isWanted, inFlight, signal });
}

/** Checks the record regularly while the plan is sent, and skips requests that can change no verdict any more. */
async function sendUntilClear(
  run: WorkloadRun,
  scope: string,
  plan: Plan,
  calls: ModelCallCollector | null,
): Promise<void> {
  const { workload, record, onProgress } = run;
  let progress = checkProgress(workload.serves, record.soFar);
  const inFlight = new RequestsInFlight();
  const ended = new AbortController();
  const checking = (async () => {
    while (!ended.signal.aborted) {
      await sleep(CHECK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const firstInFlightAtMs = inFlight.firstSentAtMs();
      await calls?.collect();
      // Requests are sent between the two: without a break they stalled the event loop for 50 to 120 ms.
      await setImmediate();
      progress = checkProgress(workload.serves, record.soFar, firstInFlightAtMs);
      onProgress(progress);
    }
  })();
  const isWanted = (item: PlannedRequest): boolean =>
    isUseful(item, progress) && !mayBeDown(run, scope);
  const sending = sendPlan({ run, scope, plan, isWanted, inFlight, signal: ended.signal });
  try {
    await Promise.race([checking, sending]);
  } finally {
    ended.abort();
    await Promise.allSettled([checking, sending]);
  }
}

/** The part of a plan that is not recorded yet and still useful, moved up to the start. */
function leftOf(plan: Plan, scope: string, run: WorkloadRun, progress: WorkloadProgress): Plan {
  const requests = requestsOf(run.record, scope);
  // Warm-ups alone are of no use.
  if (progress.length > 0 && progress.every(({ isClear }) => isClear)) return [];
  const done = new Set(requests.map(({ id }) => id));
  return (
    plan
      // A no-op goes right before its request, and with it.
      .filter(
        ({ item: { index, operation } }) =>
          !done.has(`${scope}-${operation === 'noop' ? index + 1 : index}`),
      )
      .filter(({ item }) => isUseful(item, progress))
      .map((entry, at) => ({ ...entry, dueMs: (plan[at] as Plan[number]).dueMs }))
  );
}

/** After the plan is sent: what objectives still lack because the harness spoilt some of their events. */
function replacementsFor(
  plan: Plan,
  scope: string,
  run: WorkloadRun,
  progress: WorkloadProgress,
): Plan {
  const { workload, tenants, record } = run;
  if (mayBeDown(run, scope)) return [];
  const sent = requestsOf(record, scope);
  const extra = sent.filter(({ index }) => index >= plan.length);
  const planned = Object.entries(workload.requests) as [SentOperation, number][];
  const total = planned.reduce((sum, [, count]) => sum + count, 0);
  const counts = planned.flatMap(([operation, count]): [SentOperation, number][] => {
    const lacking = progress.flatMap(({ objective, series, isClear }) => {
      const n = isClear ? 0 : (series.setAside?.n ?? 0);
      if (objective.operation === operation) return [n];
      return objective.spans ? [Math.ceil((n * count) / total)] : [];
    });
    const wanted = Math.min(Math.max(0, ...lacking), maxReplacements(count));
    const more = wanted - extra.filter((line) => line.operation === operation).length;
    return more > 0 ? [[operation, more]] : [];
  });
  if (counts.length === 0) return [];
  const first = Math.max(plan.length, ...extra.map(({ index }) => index + 1));
  return planReplacements(workload, tenants, { counts: Object.fromEntries(counts), first });
}

/** Under a fault, missing answers say nothing about the target. */
function mayBeDown({ workload, record }: WorkloadRun, scope: string): boolean {
  return workload.fault === null && endsInFailures(record.soFar.requests, scope);
}

function requestsOf(record: RecordWriter, scope: string): RequestLine[] {
  return record.soFar.requests.filter((request) => request.scope === scope);
}

/** Can this request still serve an objective? A workload that serves none is sent whole. */
function isUseful({ along, warmUp }: PlannedRequest, progress: WorkloadProgress): boolean {
  return warmUp || progress.length === 0 || needsRequests(progress, along);
}
