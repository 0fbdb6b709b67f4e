import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Objective } from '../../core/budget/objective.ts';
import type { RequestLine } from '../../core/record/measurementLine.ts';
import { DOWN_AFTER_MS, endsInFailures } from '../../core/verdict/violations.ts';
import { allOrFirstFailure, offerUntilEnough } from '../../engine/offerUntilEnough.ts';
import { sendOnSchedule } from '../../engine/sendOnSchedule.ts';
import type { SentOperation } from '../../salestalk/operations.ts';
import { reportNowAndThen } from '../../setup/progressFeed.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import { refuseBeyondCeilings } from '../ceilings.ts';
import {
  checkProgress,
  describeFurthest,
  describeProgress,
  isEnough,
  maxReplacements,
  needsRequests,
  type WorkloadProgress,
} from '../checkProgress.ts';
import {
  type MeasuringContext,
  objectivesToMeasure,
  type WorkloadContext,
} from '../measuringContext.ts';
import {
  type ActiveWorkload,
  isComplete,
  nowEpochMs,
  recordWorkload,
  requestId,
} from '../recordWorkload.ts';
import {
  computeWorkloadCost,
  type Plan,
  type PlannedRequest,
  planReplacements,
  planWorkload,
  refuseImpossibleObjectives,
  type Workload,
} from './plan.ts';

/** Those that the record has are not measured again. @throws HarnessError CEILING_EXCEEDED, BUDGET_INVALID, AI_MOCK_FAILED, TOKEN_INVALID */
export async function measureWorkloads(
  workloads: readonly Workload[],
  context: MeasuringContext,
): Promise<void> {
  const { run, record } = context;
  const missing = workloads.filter(({ name }) => !isComplete(record, name));
  const costs = missing.map((workload) => computeWorkloadCost(workload, run.target.tenants));
  refuseBeyondCeilings(costs, run, record);
  for (const workload of missing) {
    const objectives = objectivesToMeasure(context, workload.endsWhenClear);
    refuseImpossibleObjectives([workload], { ...run.header, objectives }, run.target.ceilings);
  }
  await allOrFirstFailure(missing.map((workload) => runWorkload(workload, context)));
}

/** How often a target that may be down gets a request. */
const ASK_AGAIN_EVERY_MS = 1_000;

type Sending = MeasuringContext &
  ActiveWorkload & {
    workload: Workload;
    objectives: readonly Objective[];
    /** When each request in flight was sent, by index, in ms since the epoch. */
    inFlight: Map<number, number>;
  };

/**
 * Sends and records the requests of a workload, until each objective that it is measured for is clear or the target is down. Requests that
 * an earlier worker recorded before it died are not sent again. A complete workload sends nothing.
 * @throws HarnessError AI_MOCK_FAILED or TOKEN_INVALID; the record keeps what was measured before
 */
export async function runWorkload(workload: Workload, context: MeasuringContext): Promise<void> {
  const { name, requests: planned, model } = workload;
  await recordWorkload({ name, planned, model }, context, async (active) => {
    const ended = new AbortController();
    const objectives = objectivesToMeasure(context, workload.endsWhenClear);
    const outage = startOutage(workload, context, ended.signal);
    // Thrown by the `await` below; until then it must not count as an unhandled rejection.
    outage.catch(() => undefined);
    try {
      await sendAll({ ...context, ...active, workload, objectives, inFlight: new Map() });
      await outage;
      if (workload.observeAfterMs !== undefined) await active.calls?.collectOpen();
    } finally {
      // An outage that has begun must end: what is measured next needs the model.
      ended.abort();
      await outage.catch(() => undefined);
    }
  });
}

const REFUSING_POLL_MS = 5;

/** Has the model refuse connections, if planned and not aborted before. All users of the AI mock lose it: nothing else may be measured meanwhile. */
export async function startOutage(
  { name, outage }: Workload,
  { aiMock, record }: Pick<WorkloadContext, 'aiMock' | 'record'>,
  signal: AbortSignal,
): Promise<void> {
  if (outage === undefined || aiMock === null) return;
  await sleep(outage.afterMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return;
  const fromMs = Date.now();
  const { refusedUntilMs } = await aiMock.refuse(outage.forMs);
  await sleep(Math.max(0, refusedUntilMs - Date.now()));
  // The listener is back a few milliseconds later. What is refused until then is no fault of the target.
  while ((await aiMock.readCondition()).refusing) await sleep(REFUSING_POLL_MS);
  record.append({ type: 'outage', workload: name, fromMs, untilMs: Date.now() });
}

async function sendAll(sending: Sending): Promise<void> {
  const { workload, objectives, run, record, calls, checkForStalls } = sending;
  const plan = planWorkload(workload, run.target.tenants);
  const nextToSend = (): Plan => {
    checkForStalls();
    const progress = checkProgress(objectives, record.soFar);
    const left = selectUnsent(plan, sending, progress);
    return left.length > 0 ? left : replaceSetAside(plan, sending, progress);
  };
  let left = nextToSend();
  // Requests that were in flight when all objectives seemed clear can change that. Then sampling continues.
  while (left.length > 0) {
    if (mayBeDown(sending)) {
      await sendSlowly(sending, left);
      if (mayBeDown(sending)) break;
    } else {
      await sendUntilClear(sending, left);
    }
    await sleep(workload.observeAfterMs ?? 0);
    await calls?.settle();
    left = nextToSend();
  }
}

/** Sends a plan at a low rate, until the target answers again or has failed long enough to count as down. */
async function sendSlowly(sending: Sending, plan: Plan): Promise<void> {
  const slowly = plan
    .filter(({ item }) => item.operation !== 'noop')
    .slice(0, DOWN_AFTER_MS / ASK_AGAIN_EVERY_MS + 1)
    .map(({ item }, at) => ({ item, dueMs: at * ASK_AGAIN_EVERY_MS }));
  const isWanted = (): boolean => mayBeDown(sending);
  const send = (item: PlannedRequest, lateMs: number) => sendOne(sending, item, lateMs);
  await sendOnSchedule({ schedule: slowly, isWanted, send });
}

/** Checks the record regularly while the plan is sent, and skips requests that can change no verdict any more. */
async function sendUntilClear(sending: Sending, plan: Plan): Promise<void> {
  const { workload, objectives, record, calls, inFlight } = sending;
  let progress = checkProgress(objectives, record.soFar);
  const firstDueMs = plan[0]?.dueMs ?? 0;
  const offer = (signal: AbortSignal): Promise<void> =>
    sendOnSchedule({
      schedule: plan.map(({ dueMs, item }) => ({ dueMs: dueMs - firstDueMs, item })),
      isWanted: (item) => isUseful(item, progress) && !mayBeDown(sending),
      send: (item, lateMs) => sendOne(sending, item, lateMs),
      signal,
    });
  await offerUntilEnough(offer, async () => {
    const firstInFlightAtMs = Math.min(Number.POSITIVE_INFINITY, ...inFlight.values());
    await calls?.collect();
    // Lets requests be sent in between: without this break the two stalled the event loop for 50 to 120 ms.
    await setImmediate();
    progress = checkProgress(objectives, record.soFar, firstInFlightAtMs);
    reportNowAndThen(workload.name, () => describeProgress(progress, describeFurthest(progress)));
    return isEnough(progress);
  });
}

/** Sends a request and records it the moment it ends. @throws HarnessError TOKEN_INVALID */
async function sendOne(sending: Sending, item: PlannedRequest, lateMs: number): Promise<void> {
  const { workload, api, record, scope, inFlight } = sending;
  const { index, operation, tenant, otherTenant, question, warmUp } = item;
  if (operation === 'noop') {
    const noop = await api.noop();
    if (noop !== null) record.append({ type: 'noop', workload: workload.name, ...noop });
    return;
  }
  // Set before the request is sent: no request sent later may count before this one has ended.
  inFlight.set(index, nowEpochMs());
  const place = { scope, index };
  const patience = workload.patienceMs === undefined ? {} : { patienceMs: workload.patienceMs };
  const asked = await api.ask(operation, { tenant, otherTenant, question, place, ...patience });
  inFlight.delete(index);
  refuseRejectedToken({ status: asked.status, tenant, operation });
  const { answer: _, heldMs, ...observed } = asked;
  record.append({
    type: 'request',
    id: requestId(place),
    workload: workload.name,
    operation,
    ...place,
    tenant,
    warmUp,
    fault: workload.fault,
    lateMs: Math.max(lateMs + heldMs, 0),
    ...observed,
  });
}

/** The requests of a plan that are not recorded yet and still useful, moved up to the start. */
function selectUnsent(plan: Plan, sending: Sending, progress: WorkloadProgress): Plan {
  // Without this, warm-ups would be sent alone.
  if (isEnough(progress)) return [];
  const { scope } = sending;
  const done = new Set(readRequests(sending).map(({ id }) => id));
  return (
    plan
      // A no-op is sent with the request right after it, or not at all.
      .filter(
        ({ item: { index, operation } }) =>
          !done.has(requestId({ scope, index: operation === 'noop' ? index + 1 : index })),
      )
      .map((entry, at) => ({ ...entry, dueMs: (plan[at] as Plan[number]).dueMs }))
      // Last, so that each operation keeps its rate if others are not sent.
      .filter(({ item }) => isUseful(item, progress))
  );
}

/** Plans requests that replace those that were set aside, as far as objectives still need them. */
function replaceSetAside(plan: Plan, sending: Sending, progress: WorkloadProgress): Plan {
  const { workload, run } = sending;
  if (mayBeDown(sending)) return [];
  const extra = readRequests(sending).filter(({ index }) => index >= plan.length);
  const planned = Object.entries(workload.requests) as [SentOperation, number][];
  const total = planned.reduce((sum, [, count]) => sum + count, 0);
  const counts = planned.flatMap(([operation, count]): [SentOperation, number][] => {
    const lacking = progress.flatMap(({ objective, setAside, needsNoMore }) => {
      const n = needsNoMore ? 0 : setAside;
      if (objective.operation === operation) return [n];
      return objective.spans ? [Math.ceil((n * count) / total)] : [];
    });
    const wanted = Math.min(Math.max(0, ...lacking), maxReplacements(count));
    const more = wanted - extra.filter((line) => line.operation === operation).length;
    return more > 0 ? [[operation, more]] : [];
  });
  if (counts.length === 0) return [];
  const first = Math.max(plan.length, ...extra.map(({ index }) => index + 1));
  const { tenants } = run.target;
  return planReplacements(workload, tenants, { counts: Object.fromEntries(counts), first });
}

/** Has the target failed many times in a row? Under a fault, that says nothing about the target. */
function mayBeDown({ workload, record, scope }: Sending): boolean {
  return workload.fault === null && endsInFailures(record.soFar.requests, scope);
}

function readRequests({ record, scope }: Sending): RequestLine[] {
  return record.soFar.requests.filter((request) => request.scope === scope);
}

/** Can this request still serve an objective? A workload that serves none is sent whole. */
function isUseful({ along, warmUp }: PlannedRequest, progress: WorkloadProgress): boolean {
  return warmUp || progress.length === 0 || needsRequests(progress, along);
}
