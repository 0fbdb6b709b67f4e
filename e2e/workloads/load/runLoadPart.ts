import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../../core/budget/loadSchema.ts';
import type { LoadStep } from '../../core/record/loadLine.ts';
import { runClosedModel } from '../../engine/closedModel.ts';
import type { LoadOutcome, LoadSample } from '../../engine/loadSample.ts';
import { runOpenModel } from '../../engine/openModel.ts';
import { CONNECTIONS } from '../../salestalk/apiClient.ts';
import type { LoadModelCalls } from '../modelCalls.ts';
import type { LoadRecorder } from './loadRecorder.ts';
import type { LoadRequestPlan, LoadSender } from './loadRequests.ts';

/** Seldom enough to disturb nothing, often enough to stop within a second or so of the answer. */
const CHECK_EVERY_MS = 1_000;
/** A call's end reaches the journal a little after its answer reached its caller. */
const IN_THE_JOURNAL_AFTER_MS = 500;

/** Starts an open or a closed workload model. */
export type WorkloadModel = (options: {
  send: (index: number) => Promise<LoadOutcome>;
  onEnd: (sample: LoadSample) => void;
  signal: AbortSignal;
}) => Promise<void>;

/** A part of a load: the whole of it, what is left of it, or a step of a search. */
type LoadPart = {
  workload: string;
  scope: string;
  step: LoadStep;
  model: WorkloadModel;
  /** Number of its first request. */
  first: number;
  /** Requests due before this, from the start of the part, are not judged. */
  warmUpMs: number;
  sender: LoadSender;
  recorder: LoadRecorder;
  calls: LoadModelCalls | null;
  /** Called after each check; true ends the part. */
  onProgress: (inFlight: number) => boolean;
  /** Called for each judged request that has ended. */
  onJudged?: () => void;
  signal: AbortSignal;
};

/**
 * Offers a part of a load and records its requests, until all was offered or `onProgress` ends it; requests in flight are waited for.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; the record keeps what was measured before
 */
export async function runLoadPart(part: LoadPart): Promise<void> {
  const { workload, scope, step, model, first, warmUpMs, sender, recorder, calls } = part;
  const startMs = performance.now();
  const fromMs = performance.timeOrigin + startMs;
  const head = { workload, scope, step, fromMs };
  const modelMsOf = (index: number) => calls?.take(index) ?? null;
  let inFlight = 0;
  const ended = new AbortController();
  const enough = new AbortController();
  const checking = (async () => {
    while (!ended.signal.aborted) {
      await sleep(CHECK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const untilMs = performance.now() - IN_THE_JOURNAL_AFTER_MS;
      await calls?.collect();
      recorder.settle(head, untilMs, modelMsOf);
      if (part.onProgress(inFlight)) enough.abort();
    }
  })();
  const sending = model({
    send: async (index) => {
      inFlight++;
      const outcome = await sender.send(first + index);
      inFlight--;
      return outcome;
    },
    onEnd: (sample) => {
      if (sender.failure() !== null) return;
      const request = sender.ended(
        { ...sample, index: first + sample.index },
        { fromMs, warmUpMs },
      );
      recorder.add(request);
      if (!request.warmUp) part.onJudged?.();
    },
    signal: AbortSignal.any([enough.signal, part.signal]),
  });
  try {
    await Promise.race([checking, sending]);
  } finally {
    enough.abort();
    // The journal is still read while requests in flight end, or calls of the model would be lost.
    await sending.finally(() => ended.abort());
    await Promise.allSettled([checking]);
  }
  // Throws what the last check threw after the race.
  await checking;
  if (sender.failure() !== null) throw sender.failure();
  if (calls !== null) await sleep(IN_THE_JOURNAL_AFTER_MS);
  await calls?.collect();
  recorder.settle(head, Number.POSITIVE_INFINITY, modelMsOf);
}

/** An open model that offers a schedule, or the rest of one, as if that began now. */
export function openLoadModel(schedule: Iterable<number>): WorkloadModel {
  return ({ send, onEnd, signal }) =>
    runOpenModel({ arrivals: fromNow(schedule), send, onEnd, signal, mostInFlight: CONNECTIONS });
}

function* fromNow(schedule: Iterable<number>): Generator<number> {
  let startMs: number | null = null;
  for (const ms of schedule) {
    startMs ??= ms;
    yield ms - startMs;
  }
}

/** A closed model: each user pauses after an answer as the scenario of its request says. */
export function closedLoadModel(
  load: Load,
  planOf: (index: number) => LoadRequestPlan,
  durationMs: number,
): WorkloadModel {
  const maxRequests = load.ceilings.requests ?? Number.POSITIVE_INFINITY;
  return ({ send, onEnd, signal }) => {
    const spent = new AbortController();
    return runClosedModel({
      users: load.users ?? 0,
      thinkMs: (index) => planOf(index).thinkMs,
      durationMs,
      send: (index) => {
        if (index + 1 >= maxRequests) spent.abort();
        return send(index);
      },
      onEnd,
      signal: AbortSignal.any([signal, spent.signal]),
    });
  };
}
