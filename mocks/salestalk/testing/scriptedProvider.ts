import type { AiCall, AiProvider } from '../api/ai/aiProvider.ts';
import { type Clock, wait } from '../api/clock.ts';

/** One answer: what is waited, then what is thrown or said, chunk by chunk. */
export type ScriptedAnswer = {
  afterMs?: number;
  chunks?: string[];
  betweenMs?: number;
  error?: Error;
};

export type ScriptedProvider = AiProvider & { callsAtMs: number[]; calls: AiCall[] };

/** A provider that answers its n-th call (from 1) as a script says, in the time of a given clock. */
export function scriptedProvider(
  clock: Clock,
  script: (n: number) => ScriptedAnswer,
): ScriptedProvider {
  const calls: AiCall[] = [];
  const callsAtMs: number[] = [];
  async function* stream(call: AiCall): AsyncGenerator<string> {
    calls.push(call);
    callsAtMs.push(clock.monotonicMs());
    const answer = script(calls.length);
    await wait(clock, answer.afterMs ?? 0, call.signal);
    for (const chunk of answer.chunks ?? []) {
      yield chunk;
      await wait(clock, answer.betweenMs ?? 0, call.signal);
    }
    if (answer.error !== undefined) throw answer.error;
  }
  return {
    name: 'ollama',
    calls,
    callsAtMs,
    stream,
    async complete(call) {
      return (await Array.fromAsync(stream(call))).join('');
    },
    close: async () => {},
  };
}
