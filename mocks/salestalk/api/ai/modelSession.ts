import { randomBytes } from 'node:crypto';
import { type Clock, wait } from '../clock.ts';
import { type AiCall, AiCallError, type AiProvider } from './aiProvider.ts';
import type { AttemptRules } from './attemptRules.ts';

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

export type ModelPrompt = Pick<AiCall, 'kind' | 'prompt' | 'temperature'>;

export type ModelSession = ReturnType<typeof createModelSession>;

type ModelSessionOptions = {
  provider: AiProvider;
  rules: AttemptRules;
  clock: Clock;
  jitter: () => number;
  /** The caller's signal: aborts attempts and waits. */
  signal: AbortSignal;
  traceparent: string | null;
};

/** Makes the model calls of one request, which share its signal, its trace and its `totalMs`. */
export function createModelSession(options: ModelSessionOptions) {
  const { provider, rules, clock, jitter, signal } = options;
  const endMs = clock.monotonicMs() + rules.totalMs;
  const leftMs = (): number => endMs - clock.monotonicMs();
  const limitMs = (): number | null => rules.limitMs(leftMs());

  const call = (prompt: ModelPrompt, attempt: AttemptSignal): AiCall => ({
    ...prompt,
    traceparent: childTraceparent(options.traceparent),
    signal: attempt.signal,
  });

  async function callWithRetries<T>(run: (attempt: AttemptSignal) => Promise<T>): Promise<T> {
    for (let number = 1; ; number += 1) {
      const attempt = createAttemptSignal(signal, clock, limitMs);
      try {
        return await run(attempt);
      } catch (thrown) {
        attempt.stop();
        const error = attempt.signal.aborted ? attempt.signal.reason : thrown;
        if (signal.aborted) throw error;
        const failed = { attempt: number, leftMs: leftMs(), nowEpochMs: clock.epochMs(), jitter };
        const delayMs = rules.delayMs(error, failed);
        if (delayMs === null) throw error;
        await wait(clock, delayMs, signal);
      }
    }
  }

  return {
    complete: (prompt: ModelPrompt): Promise<string> =>
      callWithRetries(async (attempt) => {
        const text = await provider.complete(call(prompt, attempt));
        attempt.stop();
        return text;
      }),

    /** Retries only before the first chunk: after it, the caller has a part of the answer. */
    async *stream(prompt: ModelPrompt): AsyncGenerator<string, void, undefined> {
      const opened = await callWithRetries(async (attempt) => {
        const chunks = provider.stream(call(prompt, attempt))[Symbol.asyncIterator]();
        return { attempt, chunks, first: await chunks.next() };
      });
      const { attempt, chunks } = opened;
      try {
        let next = opened.first;
        while (!next.done) {
          // The caller's reading time does not count against the provider.
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

type AttemptSignal = ReturnType<typeof createAttemptSignal>;

/**
 * The signal of one attempt at a model call. It aborts when the caller's does, and when `limitMs()` has passed since the
 * start or the last restart; its reason is the error to throw.
 */
function createAttemptSignal(caller: AbortSignal, clock: Clock, limitMs: () => number | null) {
  const controller = new AbortController();
  const abort = (): void => controller.abort(caller.reason);
  if (caller.aborted) abort();
  else caller.addEventListener('abort', abort, { once: true });
  let cancel = (): void => {};

  const restart = (): void => {
    cancel();
    const ms = limitMs();
    if (ms === null) return;
    const giveUp = (): void =>
      controller.abort(new AiCallError('timeout', `no answer within ${Math.round(ms)} ms`));
    cancel = clock.schedule(giveUp, ms);
  };
  restart();

  return {
    signal: controller.signal,
    restart,
    pause: (): void => cancel(),
    /** From now on the signal never aborts. */
    stop(): void {
      cancel();
      caller.removeEventListener('abort', abort);
    },
  };
}

/**
 * The `traceparent` of a call that a request causes (W3C Trace Context, version 00): same trace, new parent.
 * Null when the caller sent none or an invalid one; SalesTalk starts no traces of its own.
 */
export function childTraceparent(callers: string | null): string | null {
  const [, traceId, flags] = TRACEPARENT.exec(callers ?? '') ?? [];
  if (traceId === undefined || flags === undefined) return null;
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
}
