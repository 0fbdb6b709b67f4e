import type { Clock } from '../clock.ts';
import { wait } from '../wait.ts';
import type { AiCall, AiProvider } from './aiProvider.ts';
import type { AttemptRules } from './attemptRules.ts';
import { type AttemptSignal, attemptSignal } from './attemptSignal.ts';
import { childTraceparent } from './childTraceparent.ts';

export type ModelPrompt = Pick<AiCall, 'kind' | 'prompt' | 'temperature'>;

/** The model calls of one request, which share its signal, its trace and its total of time. */
export type ModelSession = {
  complete(prompt: ModelPrompt): Promise<string>;
  /** Repeats the call only while nothing of the answer has been passed on. */
  stream(prompt: ModelPrompt): AsyncGenerator<string, void, undefined>;
};

export type ModelSessionOptions = {
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

export function modelSession(options: ModelSessionOptions): ModelSession {
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
    complete: (prompt) =>
      attempts(async (attempt) => {
        const text = await provider.complete(call(prompt, attempt));
        attempt.stop();
        return text;
      }),

    async *stream(prompt) {
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
