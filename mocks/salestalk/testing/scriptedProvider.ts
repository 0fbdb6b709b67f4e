import type { AiCall, AiProvider } from '../api/ai/aiProvider.ts';
import { createModelSession } from '../api/ai/modelSession.ts';
import { type Clock, wait } from '../api/clock.ts';

/** One answer: what is waited, then what is thrown or said, chunk by chunk. */
export type ScriptedAnswer = {
  afterMs?: number;
  chunks?: string[];
  betweenMs?: number;
  error?: Error;
};

export type ScriptedProvider = AiProvider & { calls: (AiCall & { arrivedAtMs: number })[] };

/** A provider that answers its n-th call (from 1) as a script says, in the time of a given clock. */
export function createScriptedProvider(
  clock: Clock,
  script: (n: number) => ScriptedAnswer,
): ScriptedProvider {
  const calls: ScriptedProvider['calls'] = [];
  async function* stream(call: AiCall): AsyncGenerator<string> {
    calls.push({ ...call, arrivedAtMs: clock.monotonicMs() });
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
    stream,
    async complete(call) {
      return (await Array.fromAsync(stream(call))).join('');
    },
    close: async () => {},
  };
}

const NEVER_ABORTED = new AbortController().signal;

/** A call for a narrative. */
export const aiCall = (signal = NEVER_ABORTED): AiCall => ({
  kind: 'narrative',
  prompt: 'a prompt',
  temperature: 0.3,
  traceparent: '00-5f3a9c1e000000000000000000000011-00f067aa0ba902b7-01',
  signal,
});

type SessionOptions = Parameters<typeof createModelSession>[0];

/** A model session without a trace, by default without jitter and for a caller that stays; jitter 0 halves every wait. */
export const createTestSession = (
  options: Pick<SessionOptions, 'provider' | 'rules' | 'clock'> & Partial<SessionOptions>,
) => createModelSession({ jitter: () => 0, signal: NEVER_ABORTED, traceparent: null, ...options });
