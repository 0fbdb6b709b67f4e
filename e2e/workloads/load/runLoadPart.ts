import { setTimeout as sleep } from 'node:timers/promises';
import type { Load } from '../../core/load/loadSchema.ts';
import type { LoadStep } from '../../core/record/loadLine.ts';
import { closedModel } from '../../engine/closedModel.ts';
import type { LoadOutcome, LoadSample } from '../../engine/loadSample.ts';
import { openModel } from '../../engine/openModel.ts';
import { CONNECTIONS } from '../../salestalk/apiClient.ts';
import type { LoadModelCalls } from '../modelCalls.ts';
import type { LoadRecorder } from './loadRecorder.ts';
import type { LoadRequestPlan, LoadSender } from './loadRequests.ts';

/** Seldom enough to disturb nothing, often enough to stop within a second or so of the answer. */
const LOOK_EVERY_MS = 1_000;
/** A call's end reaches the journal a little after its answer reached its caller. */
const IN_THE_JOURNAL_AFTER_MS = 500;

/** How a workload model is begun, with what it sends by and tells. */
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
  /** What is due before this, from the start of the part, is thrown away. */
  warmUpMs: number;
  sender: LoadSender;
  recorder: LoadRecorder;
  calls: LoadModelCalls | null;
  /** Told of how many requests are out, after each look; true ends the part. */
  onLook: (look: { inFlight: number }) => boolean;
  /** Told of each judged request that has ended. */
  onJudged?: () => void;
  signal: AbortSignal;
};

/**
 * Offers a part of a load and puts on record what comes of it, until all was offered or a look says that it is enough; what is under way is
 * waited for.
 * @throws HarnessError TOKEN_INVALID, AI_MOCK_FAILED; what was recorded up to then stays
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
  const looking = (async () => {
    while (!ended.signal.aborted) {
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
      const untilMs = performance.now() - IN_THE_JOURNAL_AFTER_MS;
      await calls?.collect();
      recorder.settle(head, untilMs, modelMsOf);
      if (part.onLook({ inFlight })) enough.abort();
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
    await Promise.race([looking, sending]);
  } finally {
    enough.abort();
    // What was sent is waited for while it is still looked at, or a model's calls would be lost.
    await sending.finally(() => ended.abort());
    await Promise.allSettled([looking]);
  }
  // What the last look met was after the race.
  await looking;
  if (sender.failure() !== null) throw sender.failure();
  if (calls !== null) await sleep(IN_THE_JOURNAL_AFTER_MS);
  await calls?.collect();
  recorder.settle(head, Number.POSITIVE_INFINITY, modelMsOf);
}

/** An open model that offers a schedule, or what is left of one, as if that began now. */
export function openLoadModel(schedule: Iterable<number>): WorkloadModel {
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

/** A closed model of so many users, each of whom pauses after an answer as the scenario of its request says. */
export function closedLoadModel(
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

/** So many of them, and no more: what a ceiling leaves of a schedule. */
export function* capped(times: Iterable<number>, most: number): Generator<number> {
  let count = 0;
  for (const ms of times) {
    if (count++ >= most) return;
    yield ms;
  }
}
