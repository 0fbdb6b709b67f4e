import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../../core/budget/loadSchema.ts';
import type { Objective } from '../../core/budget/objective.ts';
import type { LoadStep } from '../../core/record/loadLine.ts';
import { offerUntilEnough } from '../../engine/offerUntilEnough.ts';
import { countInSegment, type Segment } from '../../engine/segment.ts';
import {
  type LoadDriver,
  type LoadOutcome,
  runClosedModel,
  runOpenModel,
} from '../../engine/workloadModels.ts';
import { CONNECTIONS } from '../../salestalk/operations.ts';
import { refuseRejectedToken } from '../../setup/tokens.ts';
import type { MeasuringContext } from '../measuringContext.ts';
import type { LoadModelCalls } from '../modelCalls.ts';
import { nowEpochMs, requestId } from '../recordWorkload.ts';
import type { EndedRequest, LoadRecorder } from './loadRecorder.ts';
import type { LoadRequestPlan } from './loadRequests.ts';

/** The caller gives up after this long. */
const TIMEOUT_MS = 30_000;
/** The end of a model call reaches the journal a little after its answer reached SalesTalk. */
const IN_THE_JOURNAL_AFTER_MS = 500;

export type ActiveLoad = MeasuringContext & {
  name: string;
  load: Load;
  /** The part of it that this machine offers. */
  segment: Segment;
  /** Of the whole load. */
  maxRequests: number;
  objectives: readonly Objective[];
  planRequest: (index: number) => LoadRequestPlan;
  scope: string;
  calls: LoadModelCalls | null;
  /** When all shards begin it, in ms since the epoch; null: at once. */
  startAtMs: number | null;
};

/** A part of a load: the whole of it, the rest of it, or a step of a search. */
type LoadPart = {
  step: LoadStep;
  model: LoadModel;
  /** Requests due before this, from the start of the part, are not judged. */
  warmUpMs: number;
  recorder: LoadRecorder;
  /** Called after each check; true ends the part. */
  isEnough: () => boolean;
  /** Called for each judged request that has ended. */
  onJudged?: () => void;
};

/**
 * Offers a part of a load and records its requests, until all are offered or are enough. Requests in flight are waited for.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; the record keeps what was measured before
 */
export async function runLoadPart(active: ActiveLoad, part: LoadPart): Promise<void> {
  const { name, scope, calls, planRequest } = active;
  const { step, model, warmUpMs, recorder, isEnough, onJudged } = part;
  const { next: first, stride } = recorder;
  const fromMs = nowEpochMs();
  const settle = async (untilMs: number): Promise<void> => {
    await calls?.collect();
    const head = { workload: name, scope, step, fromMs };
    recorder.settle(head, untilMs, (index) => calls?.take(index) ?? null);
  };
  const offer = (signal: AbortSignal): Promise<void> =>
    model({
      signal,
      send: (index) => {
        recorder.counts.inFlight++;
        return askOnce(active, first + index * stride).finally(() => recorder.counts.inFlight--);
      },
      onEnd: (sample, answer) => {
        const index = first + sample.index * stride;
        const { operation, tenant } = planRequest(index);
        const warmUp = sample.dueMs < warmUpMs;
        recorder.add({
          ...sample,
          index,
          id: requestId({ scope, index }),
          dueAtMs: fromMs + sample.dueMs,
          modelMs: null,
          operation,
          tenant,
          isolated: answer?.isolated ?? null,
          warmUp,
          knownAtMs: performance.now(),
          ...(answer?.otherIds === undefined ? {} : { otherIds: answer.otherIds }),
        });
        if (!warmUp) onJudged?.();
      },
    });
  await offerUntilEnough(offer, async () => {
    await settle(performance.now() - IN_THE_JOURNAL_AFTER_MS);
    return isEnough();
  });
  if (calls !== null) await sleep(IN_THE_JOURNAL_AFTER_MS);
  await settle(Number.POSITIVE_INFINITY);
}

type LoadAnswer = LoadOutcome & Pick<EndedRequest, 'isolated' | 'otherIds'>;

/** @throws HarnessError TOKEN_INVALID */
async function askOnce(
  { api, scope, planRequest }: ActiveLoad,
  index: number,
): Promise<LoadAnswer> {
  const { operation, tenant, question } = planRequest(index);
  const place = { scope, index };
  const asked = await api.ask(operation, { tenant, question, place, patienceMs: TIMEOUT_MS });
  const { heldMs, failure, connectionReused, requestId, answeredIds } = asked;
  refuseRejectedToken({ status: asked.status, tenant, operation });
  const { endedMs: serviceMs } = asked.values;
  if (serviceMs === undefined) throw new Error(`no end of request ${index}`);
  return {
    heldMs,
    serviceMs,
    failure,
    connectionReused,
    isolated: asked.checks.isolation ?? null,
    ...(answeredIds === undefined ? {} : { otherIds: { sent: requestId, answered: answeredIds } }),
  };
}

export type LoadModel = (driver: LoadDriver<LoadAnswer>) => Promise<void>;

/** An open model with intended starts in ms from now. */
export function openLoadModel(arrivals: Iterable<number>): LoadModel {
  return (driver) => runOpenModel({ ...driver, arrivals, maxInFlight: CONNECTIONS });
}

/** A closed model: after an answer, a user pauses as the scenario of the request says. */
export function closedLoadModel(
  { load, planRequest, maxRequests: mostRequests, segment }: ActiveLoad,
  durationMs: number,
): LoadModel {
  const users = countInSegment(load.users ?? 0, segment);
  const maxRequests = countInSegment(mostRequests, segment);
  const thinkMs = (index: number): number =>
    planRequest(index * segment.of + segment.index - 1).thinkMs;
  return (driver) => runClosedModel({ ...driver, users, thinkMs, durationMs, maxRequests });
}
