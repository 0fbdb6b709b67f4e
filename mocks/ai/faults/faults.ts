import { Buffer } from 'node:buffer';
import { z } from 'zod';
import type { IntactAnswer, PacedAnswer, PacedPiece } from '../pacedAnswer.ts';

const delaySeconds = z.int().min(0).max(86_400);

/** Both forms of the Retry-After header (RFC 9110, 10.2.3). */
const retryAfterSchema = z
  .strictObject({
    seconds: delaySeconds.optional(),
    date: z.strictObject({ inSeconds: delaySeconds }).optional(),
  })
  .refine((retryAfter) => Object.keys(retryAfter).length === 1, {
    error: 'expected exactly one of seconds and date',
  });

type RetryAfter = z.infer<typeof retryAfterSchema>;

/**
 * What goes wrong with an answer after its latency. `rateLimit` is a 429 in the provider's own words. `reset` breaks the connection
 * off; `hang` never answers; `trickle` sends few bytes at a time; `truncate` ends half way without an error.
 */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('rateLimit'), retryAfter: retryAfterSchema.optional() }),
  z.strictObject({ kind: z.literal('reset'), when: z.enum(['before', 'middle']) }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('trickle'), bytesPerSecond: z.number().min(1).max(1e9) }),
  z.strictObject({ kind: z.literal('truncate') }),
]);

export type Fault = z.infer<typeof faultSchema>;

/** What a provider says with a status of 400 or more. */
export type ProviderError = { headers: Record<string, string>; body: string };

/** `failAtMs`, since the epoch: when a fault takes effect that precedes the first byte. */
type FaultContext = { failAtMs: number; buildError: (status: number) => ProviderError };

export function applyFault(intact: IntactAnswer, fault: Fault, context: FaultContext): PacedAnswer {
  switch (fault.kind) {
    case 'status':
      return refuseCall(fault, context);
    case 'rateLimit':
      return refuseCall({ status: 429, retryAfter: fault.retryAfter }, context);
    case 'hang':
      return { ...intact, pieces: [], ending: 'reset', endAtMs: Number.POSITIVE_INFINITY };
    case 'reset':
      return fault.when === 'before'
        ? { ...intact, pieces: [], ending: 'reset', endAtMs: context.failAtMs }
        : { ...keepFirstHalf(intact), ending: 'reset' };
    case 'truncate':
      return { ...keepFirstHalf(intact), ending: 'truncated' };
    case 'trickle': {
      const { bytesPerSecond } = fault;
      const pieces = trickle(intact.pieces, bytesPerSecond);
      return { ...intact, pieces, endAtMs: trickleEndMs(intact.pieces, bytesPerSecond) };
    }
  }
}

/** The provider's error in place of an answer. */
function refuseCall(
  refusal: { status: number; body?: string | undefined; retryAfter?: RetryAfter | undefined },
  { failAtMs, buildError }: FaultContext,
): PacedAnswer {
  const { status, body, retryAfter } = refusal;
  const error = buildError(status);
  const text = body ?? error.body;
  const bytes = Buffer.from(text);
  return {
    status,
    headers: {
      ...error.headers,
      'content-type': isJson(text) ? 'application/json' : 'text/plain; charset=utf-8',
      'content-length': String(bytes.byteLength),
      ...(retryAfter && { 'retry-after': retryAfterHeader(retryAfter, failAtMs) }),
    },
    pieces: [{ dueAtMs: failAtMs, bytes }],
    ending: 'whole',
    endAtMs: failAtMs,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const SLICE_MS = 100;

/**
 * The same bytes through a connection of this speed, in slices of a tenth of a second. A slice is due when its last byte has gone
 * through, and no byte leaves before its piece is due. Lazy, since slices can be many.
 */
export function* trickle(
  pieces: Iterable<PacedPiece>,
  bytesPerSecond: number,
): Generator<PacedPiece> {
  const sliceBytes = Math.max(1, Math.floor((bytesPerSecond * SLICE_MS) / 1000));
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const { dueAtMs, bytes } of pieces) {
    freeAtMs = Math.max(freeAtMs, dueAtMs);
    for (let from = 0; from < bytes.byteLength; from += sliceBytes) {
      const slice = bytes.subarray(from, from + sliceBytes);
      freeAtMs += (slice.byteLength / bytesPerSecond) * 1000;
      yield { dueAtMs: freeAtMs, bytes: slice };
    }
  }
}

/** When the last byte of a trickle is due, milliseconds since the epoch. */
export function trickleEndMs(pieces: Iterable<PacedPiece>, bytesPerSecond: number): number {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  for (const { dueAtMs, bytes } of pieces)
    freeAtMs = Math.max(freeAtMs, dueAtMs) + (bytes.byteLength / bytesPerSecond) * 1000;
  return freeAtMs;
}

/** The first half of an answer's bytes, due as before. The last piece may be cut. */
function keepFirstHalf(intact: IntactAnswer): PacedAnswer {
  const totalBytes = intact.pieces.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  let leftBytes = Math.ceil(totalBytes / 2);
  const pieces = intact.pieces.flatMap(({ dueAtMs, bytes }) => {
    const kept = bytes.subarray(0, leftBytes);
    leftBytes -= kept.byteLength;
    return kept.byteLength === 0 ? [] : [{ dueAtMs, bytes: kept }];
  });
  return { ...intact, pieces, endAtMs: pieces.at(-1)?.dueAtMs ?? intact.endAtMs };
}

/**
 * The value of a Retry-After header that is sent at `atMs` since the epoch. A date has whole seconds, and is rounded up: a client
 * that heeds it never comes too early.
 */
export function retryAfterHeader(retryAfter: RetryAfter, atMs: number): string {
  if (retryAfter.date === undefined) return String(retryAfter.seconds);
  const dueSeconds = Math.ceil(atMs / 1000) + retryAfter.date.inSeconds;
  return new Date(dueSeconds * 1000).toUTCString();
}

/** How long a Retry-After header, in either form, asks to wait from `atMs` since the epoch on, in milliseconds. */
export function readRetryAfterMs(header: string, atMs: number): number {
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  return Math.max(0, Date.parse(header) - atMs);
}
