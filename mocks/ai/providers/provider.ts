import type { Buffer } from 'node:buffer';
import type { HttpHandler } from 'msw/http';
import { applyFault, type Fault, type ProviderError } from '../faults/faults.ts';
import type { Call } from '../journal/call.ts';
import { type IntactAnswer, pacedResponse } from '../pacedAnswer.ts';

/** The part of a model provider that its clients need. */
export type Provider = {
  handlers: (model: Model) => HttpHandler[];
  /** A valid call, for the warm-up and the tests. */
  exampleCall: (prompt: string, streamed: boolean) => { path: string; body: string };
};

/** The mocked model behind the providers: decides what it answers and when, and logs the call. */
export type Model = { answer: (call: Call, request: ModelRequest) => ModelAnswer };

/** What a provider's handler read from a request. */
export type ModelRequest = {
  provider: string;
  model: string;
  prompt: string;
  streamed: boolean;
  traceparent: string | null;
};

/** What to send, and when: each piece with its due time, milliseconds since the epoch. Unstreamed there is one piece. */
export type ModelAnswer = {
  text: string;
  pieces: { text: string; dueAtMs: number }[];
  dueAtMs: number;
  fault: Fault | null;
  /** When it fails, if it fails before its first byte; milliseconds since the epoch. */
  failAtMs: number;
};

export function jsonHeaders(bytes: Buffer): Record<string, string> {
  return { 'content-type': 'application/json', 'content-length': String(bytes.byteLength) };
}

/** Estimates the tokens of a text at four characters each: the usage that providers report must only be plausible. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** The response to a call: the provider's answer, or what the call's fault makes of it. */
export function respond(
  { headers, pieces }: Pick<IntactAnswer, 'headers' | 'pieces'>,
  options: { call: Call; answer: ModelAnswer; buildError: (status: number) => ProviderError },
) {
  const { call, answer, buildError } = options;
  const { fault, failAtMs, dueAtMs: endAtMs } = answer;
  const intact: IntactAnswer = { status: 200, headers, pieces, ending: 'whole', endAtMs };
  if (fault === null) return pacedResponse(intact);
  const faulted = applyFault(intact, fault, { failAtMs, buildError });
  // Lateness is measured against the end that the fault sets. An answer that never comes keeps its drawn time.
  if (call.received !== null && Number.isFinite(faulted.endAtMs)) {
    // The difference of two times since the epoch is exact to half a microsecond at best; the rest are stray digits.
    const microseconds = Math.round((faulted.endAtMs - call.arrivedAtMs) * 1000);
    call.received = { ...call.received, plannedMs: microseconds / 1000 };
  }
  return pacedResponse(faulted);
}
