import { AiCallError } from '../api/ai/aiCallError.ts';
import { attemptRules, PLANNED_POLICY } from '../api/ai/attemptRules.ts';
import { modelSession } from '../api/ai/modelSession.ts';
import type { Services } from '../api/services.ts';
import { plantDefects } from '../defects/plantDefects.ts';
import { gapsMs } from './fakeOllama.ts';
import { ManualClock } from './manualClock.ts';
import { type ScriptedAnswer, scriptedProvider } from './scriptedProvider.ts';

export type CallRecord = {
  /** The answer, or the reason of the failure. */
  outcome: string;
  /** From the start of each attempt to that of the next. */
  gapsMs: number[];
  /** When the call had ended. */
  endMs: number;
};

/** Makes one model call by the planned rules, changed by these defects, in time that is moved by hand; jitter is 0.5. */
export async function callUnderDefect(
  defects: readonly string[],
  script: (n: number) => ScriptedAnswer,
): Promise<CallRecord> {
  const clock = new ManualClock();
  const provider = scriptedProvider(clock, script);
  // Of the services a model session needs these alone.
  const clean = { clock, provider, rules: attemptRules(PLANNED_POLICY), jitter: () => 0.5 };
  const world = { clock, seed: 1, aiUrl: 'http://ai', tenantIds: ['a', 'b'] };
  const { services } = plantDefects(defects, clean as unknown as Services, world);
  const { signal } = new AbortController();
  const model = modelSession({ ...services, clock, signal, traceparent: null });
  const prompt = { kind: 'classification', prompt: 'p', temperature: 0 } as const;
  const outcome = await clock.runUntil(model.complete(prompt)).catch((failure: unknown) => {
    if (failure instanceof AiCallError) return failure.reason;
    throw failure;
  });
  const calls = provider.callsAtMs.map((arrivedAtMs) => ({ arrivedAtMs }));
  return { outcome, gapsMs: gapsMs(calls), endMs: clock.monotonicMs() };
}
