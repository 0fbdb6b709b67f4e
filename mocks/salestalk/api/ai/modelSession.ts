import { randomBytes } from 'node:crypto';
import { type Clock, wait } from '../clock.ts';
import { AiCallError } from './aiCallError.ts';
import type { AiCall, AiProvider } from './aiProvider.ts';
import type { AttemptRules } from './attemptRules.ts';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

export type ModelPrompt = Pick<AiCall, 'kind' | 'prompt' | 'temperature'>;

export type ModelSession = ReturnType<typeof modelSession>;

type ModelSessionOptions = {
  provider: AiProvider;
  rules: AttemptRules;
  clock: Clock;
  /** Shares in [0, 1) that spread the waits. */
  jitter: () => number;
  /** The caller's; when it aborts, so does everything done here. */
  signal: AbortSignal;
  /** The caller's `traceparent`, or null. */
  traceparent: string | null;
};

/** The model calls of one request, which share its signal, its trace and its total of time. */
export function modelSession(options: ModelSessionOptions) {
  const { provider, rules, clock, jitter, signal } = options;
  const endMs = clock.monotonicMs() + rules.totalMs;
  const leftMs = (): number => endMs - clock.monotonicMs();
  const limitMs = (): number | null => rules.limitMs(leftMs());

  const call = (prompt: ModelPrompt, attempt: AttemptSignal): AiCall => ({
    ...prompt,
    traceparent: childTraceparent(options.traceparent),
    signal: attempt.signal,
  });

  async function attempts<T>(run: (attempt: AttemptSignal) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const watch = attemptSignal(signal, clock, limitMs);
      try {
        return await run(watch);
      } catch (thrown) {
        watch.stop();
        const error = watch.signal.aborted ? watch.signal.reason : thrown;
        if (signal.aborted) throw error;
        const at = { attempt, leftMs: leftMs(), nowEpochMs: clock.epochMs(), jitter };
        const delayMs = rules.delayMs(error, at);
        if (delayMs === null) throw error;
        await wait(clock, delayMs, signal);
      }
    }
  }

  return {
    complete: (prompt: ModelPrompt): Promise<string> =>
      attempts(async (attempt) => {
        const text = await provider.complete(call(prompt, attempt));
        attempt.stop();
        return text;
      }),

    /** Repeats the call only while nothing of the answer has been passed on. */
    async *stream(prompt: ModelPrompt): AsyncGenerator<string, void, undefined> {
      const opened = await attempts(async (attempt) => {
        const chunks = provider.stream(call(prompt, attempt))[Symbol.asyncIterator]();
        return { attempt, chunks, first: await chunks.next() };
      });
      const { attempt, chunks } = opened;
      try {
        let next = opened.first;
        while (!next.done) {
          // The time that the caller takes to read is not the provider's.
          attempt.pause();
          yield next.value;
          attempt.restart();
          next = await chunks.next();
        }
      } catch (error) {
        throw attempt.signal.aborted ? attempt.signal.reason : error;
      } finally {
        attempt.stop();
        await chunks.return?.();
      }
    },
  };
}

type AttemptSignal = ReturnType<typeof attemptSignal>;

/**
 * The signal under which one attempt at a model call runs. It aborts when the caller does, or when the time is over that
 * `limitMs` gave at the start; the reason is the error to throw.
 */
function attemptSignal(caller: AbortSignal, clock: Clock, limitMs: () => number | null) {
  const controller = new AbortController();
  const abort = (): void => controller.abort(caller.reason);
  if (caller.aborted) abort();
  else caller.addEventListener('abort', abort, { once: true });
  let callOff = (): void => {};

  const restart = (): void => {
    callOff();
    const ms = limitMs();
    if (ms === null) return;
    const giveUp = (): void =>
      controller.abort(new AiCallError('timeout', `no answer within ${Math.round(ms)} ms`));
    callOff = clock.schedule(giveUp, ms);
  };
  restart();

  return {
    signal: controller.signal,
    /** Gives the attempt its time anew. */
    restart,
    /** Stops the time until the next restart. */
    pause: (): void => callOff(),
    /** The signal never aborts after that. */
    stop(): void {
      callOff();
      caller.removeEventListener('abort', abort);
    },
  };
}

/**
 * The `traceparent` of a call made on behalf of another (W3C Trace Context, version 00): same trace, new parent.
 * Null when the caller sent none or a broken one; SalesTalk starts no traces of its own.
 */
export function childTraceparent(callers: string | null): string | null {
  const [, traceId, flags] = TRACEPARENT.exec(callers ?? '') ?? [];
  if (traceId === undefined || flags === undefined) return null;
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
}
