import { hash } from 'node:crypto';
import { classifyQuestion } from './answers/classifyQuestion.ts';
import { degradeAnswer } from './answers/degradeAnswer.ts';
import { writeNarrative } from './answers/writeNarrative.ts';
import { type Behaviour, firstAspect, matchingBehaviours } from './behaviour/behaviours.ts';
import { planAnswer, splitIntoPieces } from './behaviour/planAnswer.ts';
import { Attempts, type Scopes } from './behaviour/scopes.ts';
import type { Call } from './journal/call.ts';
import type { CallLog } from './journal/journal.ts';
import {
  NONCES,
  type PromptKind,
  type ReadPrompt,
  readCallReference,
  readPrompt,
} from './prompt/readPrompt.ts';
import {
  countTokens,
  type Model,
  type ModelAnswer,
  type ModelRequest,
} from './providers/provider.ts';

/** Applies to calls without a live scope, and to aspects that a scope's behaviours do not set. */
export type DefaultModel = { seed: number; behaviours: readonly Behaviour[] };

const KEPT_WITHOUT_SCOPE = 10_000;
const UNKNOWN_REQUEST = { scope: null, index: null, matchedBy: null };

/** The mocked model behind the providers' handlers: decides what it answers and when, and logs the call. */
export function createAiModel(options: {
  scopes: Scopes;
  log: CallLog;
  defaults: DefaultModel;
}): Model {
  const { scopes, log, defaults } = options;
  const attemptsWithoutScope = new Attempts({ kept: KEPT_WITHOUT_SCOPE });

  function answer(call: Call, request: ModelRequest): ModelAnswer {
    const { provider, model, prompt, streamed } = request;
    const reference = readCallReference(prompt, request.traceparent);
    const scope = reference === null ? null : scopes.find(reference.scope);
    const expired = scope !== null && scopes.isExpired(scope);
    const live = expired ? null : scope;
    const { kind, text: intactText, hash } = answerPrompt(prompt);
    const index = reference?.index ?? hash;
    const attempt = (scope?.attempts ?? attemptsWithoutScope).count(`${kind} ${index}`);
    const draw = { seed: live?.seed ?? defaults.seed, kind, index, attempt };
    const behaviours = [
      ...(live ? matchingBehaviours(live.behaviours, live.admitted, { provider, kind, draw }) : []),
      ...defaults.behaviours,
    ];
    const fault = firstAspect(behaviours, 'fault');
    const degraded = firstAspect(behaviours, 'answer');
    const degradedText = degraded && degradeAnswer(intactText, kind, degraded);
    const text = degradedText ?? intactText;
    const pieces = streamed ? splitIntoPieces(text) : [text];
    const plan = planAnswer(behaviours, draw, { streamed, pieces: pieces.length });
    log.received(call, {
      // A reference to an unknown scope identifies nothing.
      ...(scope === null || reference === null ? UNKNOWN_REQUEST : reference),
      provider,
      kind,
      attempt,
      streamed,
      model,
      promptTokens: countTokens(prompt),
      answerTokens: countTokens(text),
      plannedMs: plan.plannedMs,
      expired,
      fault: fault?.kind ?? (degradedText === null ? null : degraded?.kind) ?? null,
    });
    return {
      text,
      pieces: pieces.map((piece, position) => ({
        text: piece,
        dueAtMs: call.arrivedAtMs + (plan.pieceAtMs[position] ?? plan.plannedMs),
      })),
      dueAtMs: call.arrivedAtMs + plan.plannedMs,
      fault,
      failAtMs: call.arrivedAtMs + plan.failAtMs,
    };
  }

  return { answer };
}

type PromptAnswer = {
  kind: PromptKind;
  text: string;
  /** Identifies a prompt that has no reference. */
  hash: string;
};

const MAX_PROMPTS = 1_000;
const UNKNOWN =
  'This is a mocked model. It classifies business questions and writes narratives from figures. This prompt asks for neither.';

const answerPlainPrompt = memoize((prompt): PromptAnswer => {
  const read = readPrompt(prompt);
  return { kind: read.kind, text: writeAnswer(read), hash: hash('sha256', prompt, 'base64') };
}, MAX_PROMPTS);

/** What the mocked model answers. Nonces are ignored, since they differ between requests that ask the same. */
export function answerPrompt(prompt: string): PromptAnswer {
  return answerPlainPrompt(prompt.replace(NONCES, ''));
}

function writeAnswer({ kind, question, dataReferences, classification }: ReadPrompt): string {
  if (kind === 'unknown') return UNKNOWN;
  if (kind === 'narrative') return writeNarrative(dataReferences, classification);
  return JSON.stringify(classifyQuestion(question), null, 2);
}

/** Makes `compute` remember its results for the latest `max` texts: under load the same few prompts repeat. */
export function memoize<T>(compute: (text: string) => T, max: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const computed = compute(text);
    known.set(text, computed);
    const [oldest] = known.keys();
    if (known.size > max && oldest !== undefined) known.delete(oldest);
    return computed;
  };
}
